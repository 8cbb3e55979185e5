using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Accounts.Mail;

/// <summary>A mail about an account, as it stood just before sending.</summary>
/// <param name="Delivery">The ledger's row.</param>
/// <param name="Mail">To whom, and in which language.</param>
/// <param name="Letter">What it says.</param>
public sealed record AccountNotification(Delivery Delivery, AccountMail Mail, AccountLetter Letter) : Notification(Delivery, Mail.Email);

/// <summary>What a mail about an account says.</summary>
/// <param name="Kind">What for.</param>
/// <param name="Name">Its reader, when known.</param>
/// <param name="Change">With <see cref="AccountMailKind.Changed"/>.</param>
/// <param name="Code">Six digits.</param>
/// <param name="Link">What to open instead of, or besides, typing the code.</param>
public sealed record AccountLetter(AccountMailKind Kind, string? Name, AccountChange? Change, string? Code, Uri? Link);
