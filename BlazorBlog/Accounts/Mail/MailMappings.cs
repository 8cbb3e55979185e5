using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Accounts.Mail;

internal sealed class EmailChallengeMapping : IEntityTypeConfiguration<EmailChallenge>
{
    public void Configure(EntityTypeBuilder<EmailChallenge> challenge)
    {
        challenge.Property(c => c.Id).ValueGeneratedNever();
        challenge.Property(c => c.Email).HasMaxLength(EmailAddress.MaxLength);
        challenge.Property(c => c.DisplayName).HasMaxLength(BlogUser.MaxNameLength);
        challenge.Property(c => c.PasswordHash).HasMaxLength(256);
        challenge.Property(c => c.Code).HasMaxLength(400);
        challenge.Property(c => c.ReturnUrl).HasMaxLength(EmailChallenge.MaxReturnUrlLength);
        challenge.Property(c => c.LoginProvider).HasMaxLength(64);
        challenge.Property(c => c.LoginKey).HasMaxLength(128);
        challenge.Ignore(c => c.Login);
        challenge.HasIndex(c => c.ExpiresAt);
    }
}

internal sealed class AccountMailMapping : IEntityTypeConfiguration<AccountMail>
{
    public void Configure(EntityTypeBuilder<AccountMail> mail)
    {
        mail.Property(m => m.Id).ValueGeneratedNever();
        mail.Property(m => m.Email).HasMaxLength(EmailAddress.MaxLength);
        mail.Property(m => m.Name).HasMaxLength(BlogUser.MaxNameLength);
        mail.HasIndex(m => m.DueAt);
    }
}
