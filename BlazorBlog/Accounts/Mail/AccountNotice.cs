using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Notices;

namespace BlazorBlog.Accounts.Mail;

/// <summary>A mail about an account, as it stood just before sending.</summary>
/// <param name="Delivery">The ledger's row.</param>
/// <param name="Mail">To whom, and in which language.</param>
/// <param name="Letter">What it says.</param>
public sealed record AccountNotice(Delivery Delivery, AccountMail Mail, AccountLetter Letter) : Notice(Delivery, Mail.Email);
