using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorBlog.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class PlainNames : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "PK_EmailChallenges",
                table: "EmailChallenges");

            migrationBuilder.DropCheckConstraint(
                name: "CK_EmailChallenges_Code_Length",
                table: "EmailChallenges");

            migrationBuilder.DropCheckConstraint(
                name: "CK_EmailChallenges_DisplayName_Length",
                table: "EmailChallenges");

            migrationBuilder.DropCheckConstraint(
                name: "CK_EmailChallenges_Email_Length",
                table: "EmailChallenges");

            migrationBuilder.DropCheckConstraint(
                name: "CK_EmailChallenges_LoginKey_Length",
                table: "EmailChallenges");

            migrationBuilder.DropCheckConstraint(
                name: "CK_EmailChallenges_LoginProvider_Length",
                table: "EmailChallenges");

            migrationBuilder.DropCheckConstraint(
                name: "CK_EmailChallenges_PasswordHash_Length",
                table: "EmailChallenges");

            migrationBuilder.DropCheckConstraint(
                name: "CK_EmailChallenges_ReturnUrl_Length",
                table: "EmailChallenges");

            migrationBuilder.RenameTable(
                name: "EmailChallenges",
                newName: "EmailVerifications");

            migrationBuilder.RenameColumn(
                name: "Fence",
                table: "OutboxMessages",
                newName: "LeaseVersion");

            migrationBuilder.RenameColumn(
                name: "Fence",
                table: "Deliveries",
                newName: "LeaseVersion");

            migrationBuilder.RenameColumn(
                name: "Crashes",
                table: "Deliveries",
                newName: "AbandonedLeases");

            migrationBuilder.RenameColumn(
                name: "ChallengeId",
                table: "AccountMails",
                newName: "VerificationId");

            migrationBuilder.RenameIndex(
                name: "IX_EmailChallenges_ExpiresAt",
                table: "EmailVerifications",
                newName: "IX_EmailVerifications_ExpiresAt");

            migrationBuilder.AddPrimaryKey(
                name: "PK_EmailVerifications",
                table: "EmailVerifications",
                column: "Id");

            migrationBuilder.AddCheckConstraint(
                name: "CK_EmailVerifications_Code_Length",
                table: "EmailVerifications",
                sql: "length(\"Code\") <= 400");

            migrationBuilder.AddCheckConstraint(
                name: "CK_EmailVerifications_DisplayName_Length",
                table: "EmailVerifications",
                sql: "length(\"DisplayName\") <= 80");

            migrationBuilder.AddCheckConstraint(
                name: "CK_EmailVerifications_Email_Length",
                table: "EmailVerifications",
                sql: "length(\"Email\") <= 254");

            migrationBuilder.AddCheckConstraint(
                name: "CK_EmailVerifications_LoginKey_Length",
                table: "EmailVerifications",
                sql: "length(\"LoginKey\") <= 128");

            migrationBuilder.AddCheckConstraint(
                name: "CK_EmailVerifications_LoginProvider_Length",
                table: "EmailVerifications",
                sql: "length(\"LoginProvider\") <= 64");

            migrationBuilder.AddCheckConstraint(
                name: "CK_EmailVerifications_PasswordHash_Length",
                table: "EmailVerifications",
                sql: "length(\"PasswordHash\") <= 256");

            migrationBuilder.AddCheckConstraint(
                name: "CK_EmailVerifications_ReturnUrl_Length",
                table: "EmailVerifications",
                sql: "length(\"ReturnUrl\") <= 400");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "PK_EmailVerifications",
                table: "EmailVerifications");

            migrationBuilder.DropCheckConstraint(
                name: "CK_EmailVerifications_Code_Length",
                table: "EmailVerifications");

            migrationBuilder.DropCheckConstraint(
                name: "CK_EmailVerifications_DisplayName_Length",
                table: "EmailVerifications");

            migrationBuilder.DropCheckConstraint(
                name: "CK_EmailVerifications_Email_Length",
                table: "EmailVerifications");

            migrationBuilder.DropCheckConstraint(
                name: "CK_EmailVerifications_LoginKey_Length",
                table: "EmailVerifications");

            migrationBuilder.DropCheckConstraint(
                name: "CK_EmailVerifications_LoginProvider_Length",
                table: "EmailVerifications");

            migrationBuilder.DropCheckConstraint(
                name: "CK_EmailVerifications_PasswordHash_Length",
                table: "EmailVerifications");

            migrationBuilder.DropCheckConstraint(
                name: "CK_EmailVerifications_ReturnUrl_Length",
                table: "EmailVerifications");

            migrationBuilder.RenameTable(
                name: "EmailVerifications",
                newName: "EmailChallenges");

            migrationBuilder.RenameColumn(
                name: "LeaseVersion",
                table: "OutboxMessages",
                newName: "Fence");

            migrationBuilder.RenameColumn(
                name: "LeaseVersion",
                table: "Deliveries",
                newName: "Fence");

            migrationBuilder.RenameColumn(
                name: "AbandonedLeases",
                table: "Deliveries",
                newName: "Crashes");

            migrationBuilder.RenameColumn(
                name: "VerificationId",
                table: "AccountMails",
                newName: "ChallengeId");

            migrationBuilder.RenameIndex(
                name: "IX_EmailVerifications_ExpiresAt",
                table: "EmailChallenges",
                newName: "IX_EmailChallenges_ExpiresAt");

            migrationBuilder.AddPrimaryKey(
                name: "PK_EmailChallenges",
                table: "EmailChallenges",
                column: "Id");

            migrationBuilder.AddCheckConstraint(
                name: "CK_EmailChallenges_Code_Length",
                table: "EmailChallenges",
                sql: "length(\"Code\") <= 400");

            migrationBuilder.AddCheckConstraint(
                name: "CK_EmailChallenges_DisplayName_Length",
                table: "EmailChallenges",
                sql: "length(\"DisplayName\") <= 80");

            migrationBuilder.AddCheckConstraint(
                name: "CK_EmailChallenges_Email_Length",
                table: "EmailChallenges",
                sql: "length(\"Email\") <= 254");

            migrationBuilder.AddCheckConstraint(
                name: "CK_EmailChallenges_LoginKey_Length",
                table: "EmailChallenges",
                sql: "length(\"LoginKey\") <= 128");

            migrationBuilder.AddCheckConstraint(
                name: "CK_EmailChallenges_LoginProvider_Length",
                table: "EmailChallenges",
                sql: "length(\"LoginProvider\") <= 64");

            migrationBuilder.AddCheckConstraint(
                name: "CK_EmailChallenges_PasswordHash_Length",
                table: "EmailChallenges",
                sql: "length(\"PasswordHash\") <= 256");

            migrationBuilder.AddCheckConstraint(
                name: "CK_EmailChallenges_ReturnUrl_Length",
                table: "EmailChallenges",
                sql: "length(\"ReturnUrl\") <= 400");
        }
    }
}
