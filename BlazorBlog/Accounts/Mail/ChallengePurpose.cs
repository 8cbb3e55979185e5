namespace BlazorBlog.Accounts.Mail;

/// <summary>What reading a mailbox is the proof for. What proves one opens none of the others.</summary>
public enum ChallengePurpose
{
    SignUp,
    SignIn,
    ResetPassword,
    ChangeEmail,
}
