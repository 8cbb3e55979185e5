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
            // By hand, because EF copies a table of SQLite outside the migration's transaction: a process killed in between could not start again.
            migrationBuilder.Sql(
                """
                CREATE TABLE "EmailVerifications" (
                    "Id" TEXT NOT NULL CONSTRAINT "PK_EmailVerifications" PRIMARY KEY,
                    "Attempts" INTEGER NOT NULL,
                    "Code" TEXT NOT NULL,
                    "CreatedAt" INTEGER NOT NULL,
                    "DisplayName" TEXT NULL,
                    "Email" TEXT NOT NULL,
                    "ExpiresAt" INTEGER NOT NULL,
                    "LoginKey" TEXT NULL,
                    "LoginProvider" TEXT NULL,
                    "PasswordHash" TEXT NULL,
                    "Purpose" INTEGER NOT NULL,
                    "ReturnUrl" TEXT NULL,
                    "UsedAt" INTEGER NULL,
                    "UserId" TEXT NULL,
                    CONSTRAINT "CK_EmailVerifications_Code_Length" CHECK (length("Code") <= 400),
                    CONSTRAINT "CK_EmailVerifications_DisplayName_Length" CHECK (length("DisplayName") <= 80),
                    CONSTRAINT "CK_EmailVerifications_Email_Length" CHECK (length("Email") <= 254),
                    CONSTRAINT "CK_EmailVerifications_LoginKey_Length" CHECK (length("LoginKey") <= 128),
                    CONSTRAINT "CK_EmailVerifications_LoginProvider_Length" CHECK (length("LoginProvider") <= 64),
                    CONSTRAINT "CK_EmailVerifications_PasswordHash_Length" CHECK (length("PasswordHash") <= 256),
                    CONSTRAINT "CK_EmailVerifications_ReturnUrl_Length" CHECK (length("ReturnUrl") <= 400)
                );
                INSERT INTO "EmailVerifications" ("Id", "Attempts", "Code", "CreatedAt", "DisplayName", "Email", "ExpiresAt", "LoginKey", "LoginProvider", "PasswordHash", "Purpose", "ReturnUrl", "UsedAt", "UserId")
                SELECT "Id", "Attempts", "Code", "CreatedAt", "DisplayName", "Email", "ExpiresAt", "LoginKey", "LoginProvider", "PasswordHash", "Purpose", "ReturnUrl", "UsedAt", "UserId" FROM "EmailChallenges";
                DROP TABLE "EmailChallenges";
                CREATE INDEX "IX_EmailVerifications_ExpiresAt" ON "EmailVerifications" ("ExpiresAt");
                """);

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
