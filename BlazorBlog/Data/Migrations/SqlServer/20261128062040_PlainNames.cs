using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorBlog.Data.Migrations.SqlServer
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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "PK_EmailVerifications",
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
        }
    }
}
