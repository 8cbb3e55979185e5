namespace BlazorBlog.Accounts.SignIns;

/// <summary>Ways to sign in; where RFC 8176 has a name for one, by that name.</summary>
public static class SignInMethod
{
    public const string Password = "pwd";

    /// <summary>A code that was mailed.</summary>
    public const string MailedCode = "otp";

    /// <summary>Two factors, one after the other.</summary>
    public const string TwoFactor = "mfa";

    /// <summary>A passkey: a device that was held and unlocked.</summary>
    public const string Passkey = "hwk";

    /// <summary>Whether two factors were shown.</summary>
    public static bool IsStrong(string? method) => method is TwoFactor or Passkey;
}
