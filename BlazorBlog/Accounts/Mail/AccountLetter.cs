namespace BlazorBlog.Accounts.Mail;

/// <summary>What a mail about an account says.</summary>
/// <param name="Kind">What for.</param>
/// <param name="Name">Its reader, when known.</param>
/// <param name="Change">With <see cref="AccountMailKind.Changed"/>.</param>
/// <param name="Code">Six digits.</param>
/// <param name="Link">What to open instead of, or besides, typing the code.</param>
public sealed record AccountLetter(AccountMailKind Kind, string? Name, AccountChange? Change, string? Code, Uri? Link);
