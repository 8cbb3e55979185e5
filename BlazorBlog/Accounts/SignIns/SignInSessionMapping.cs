using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Accounts.SignIns;

internal sealed class SignInSessionMapping : IEntityTypeConfiguration<SignInSession>
{
    public void Configure(EntityTypeBuilder<SignInSession> session)
    {
        session.ToTable("SignInSessions");
        session.Property(s => s.Id).ValueGeneratedNever();
        session.Property(s => s.Browser).HasMaxLength(SignInSession.MaxBrowserLength);
        session.Property(s => s.Method).HasMaxLength(SignInSession.MaxMethodLength);
        session.HasIndex(s => s.UserId);
        session.HasIndex(s => s.LastSeenAt);
        session.HasOne<BlogUser>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
