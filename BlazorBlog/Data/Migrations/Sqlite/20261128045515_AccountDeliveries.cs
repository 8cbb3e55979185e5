using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorBlog.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class AccountDeliveries : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // By hand, because EF copies a table of SQLite outside the migration's transaction: a process killed in between could not start again.
            // Dropping the old table deletes its rows, and with them the attempts that refer to them: those are put aside meanwhile. Mails about
            // accounts that wait have no delivery to belong to; a code lives half an hour, and another can be asked for.
            migrationBuilder.Sql(
                """
                CREATE TABLE "KeptAttempts" AS SELECT * FROM "DeliveryAttempts";
                DELETE FROM "DeliveryAttempts";
                CREATE TABLE "NewDeliveries" (
                    "Id" TEXT NOT NULL CONSTRAINT "PK_Deliveries" PRIMARY KEY,
                    "AskedAddress" TEXT NULL,
                    "Attempts" INTEGER NOT NULL,
                    "Channel" INTEGER NOT NULL,
                    "CommentId" TEXT NULL,
                    "Crashes" INTEGER NOT NULL,
                    "CreatedAt" INTEGER NOT NULL,
                    "DueAt" INTEGER NOT NULL,
                    "Event" INTEGER NOT NULL,
                    "Fence" INTEGER NOT NULL,
                    "FinishedAt" INTEGER NULL,
                    "LastCode" TEXT NULL,
                    "LastText" TEXT NULL,
                    "LeaseOwner" TEXT NULL,
                    "LeaseUntil" INTEGER NULL,
                    "Priority" INTEGER NOT NULL,
                    "ProviderId" TEXT NULL,
                    "Reason" INTEGER NULL,
                    "RecipientKey" TEXT NOT NULL,
                    "SendStartedAt" INTEGER NULL,
                    "State" INTEGER NOT NULL,
                    CONSTRAINT "CK_Deliveries_AskedAddress_Length" CHECK (length("AskedAddress") <= 254),
                    CONSTRAINT "CK_Deliveries_LastCode_Length" CHECK (length("LastCode") <= 64),
                    CONSTRAINT "CK_Deliveries_LastText_Length" CHECK (length("LastText") <= 500),
                    CONSTRAINT "CK_Deliveries_ProviderId_Length" CHECK (length("ProviderId") <= 128),
                    CONSTRAINT "CK_Deliveries_RecipientKey_Length" CHECK (length("RecipientKey") <= 320),
                    CONSTRAINT "FK_Deliveries_Comments_CommentId" FOREIGN KEY ("CommentId") REFERENCES "Comments" ("Id") ON DELETE RESTRICT
                );
                INSERT INTO "NewDeliveries" ("Id", "AskedAddress", "Attempts", "Channel", "CommentId", "Crashes", "CreatedAt", "DueAt", "Event", "Fence", "FinishedAt", "LastCode", "LastText", "LeaseOwner", "LeaseUntil", "ProviderId", "Reason", "RecipientKey", "SendStartedAt", "State", "Priority")
                SELECT "Id", "AskedAddress", "Attempts", "Channel", "CommentId", "Crashes", "CreatedAt", "DueAt", "Event", "Fence", "FinishedAt", "LastCode", "LastText", "LeaseOwner", "LeaseUntil", "ProviderId", "Reason", "RecipientKey", "SendStartedAt", "State", 0 FROM "Deliveries";
                DROP TABLE "Deliveries";
                ALTER TABLE "NewDeliveries" RENAME TO "Deliveries";
                INSERT INTO "DeliveryAttempts" SELECT * FROM "KeptAttempts";
                DROP TABLE "KeptAttempts";
                CREATE INDEX "IX_Deliveries_AskedAddress_CreatedAt" ON "Deliveries" ("AskedAddress", "CreatedAt") WHERE "AskedAddress" IS NOT NULL;
                CREATE UNIQUE INDEX "IX_Deliveries_CommentId_Event_RecipientKey_Channel" ON "Deliveries" ("CommentId", "Event", "RecipientKey", "Channel");
                CREATE INDEX "IX_Deliveries_ProviderId" ON "Deliveries" ("ProviderId");
                CREATE INDEX "IX_Deliveries_RecipientKey_CreatedAt" ON "Deliveries" ("RecipientKey", "CreatedAt");
                CREATE INDEX "IX_Deliveries_State_Channel_Priority_DueAt" ON "Deliveries" ("State", "Channel", "Priority", "DueAt");
                DROP TABLE "AccountMails";
                CREATE TABLE "AccountMails" (
                    "Id" TEXT NOT NULL CONSTRAINT "PK_AccountMails" PRIMARY KEY,
                    "ChallengeId" TEXT NULL,
                    "Change" INTEGER NULL,
                    "Culture" INTEGER NULL,
                    "Email" TEXT NOT NULL,
                    "Kind" INTEGER NOT NULL,
                    "Name" TEXT NULL,
                    CONSTRAINT "CK_AccountMails_Email_Length" CHECK (length("Email") <= 254),
                    CONSTRAINT "CK_AccountMails_Name_Length" CHECK (length("Name") <= 80),
                    CONSTRAINT "FK_AccountMails_Deliveries_Id" FOREIGN KEY ("Id") REFERENCES "Deliveries" ("Id") ON DELETE CASCADE
                );
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_AccountMails_Deliveries_Id",
                table: "AccountMails");

            migrationBuilder.DropIndex(
                name: "IX_Deliveries_State_Channel_Priority_DueAt",
                table: "Deliveries");

            migrationBuilder.DropColumn(
                name: "Priority",
                table: "Deliveries");

            migrationBuilder.AlterColumn<Guid>(
                name: "CommentId",
                table: "Deliveries",
                type: "TEXT",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"),
                oldClrType: typeof(Guid),
                oldType: "TEXT",
                oldNullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Attempts",
                table: "AccountMails",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "CreatedAt",
                table: "AccountMails",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "DueAt",
                table: "AccountMails",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "LeaseUntil",
                table: "AccountMails",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_State_Channel_DueAt",
                table: "Deliveries",
                columns: new[] { "State", "Channel", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_AccountMails_DueAt",
                table: "AccountMails",
                column: "DueAt");
        }
    }
}
