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
            // What waits has no delivery to belong to. A code lives half an hour; whoever waits for one asks again.
            migrationBuilder.Sql("DELETE FROM \"AccountMails\"");

            migrationBuilder.DropIndex(
                name: "IX_Deliveries_State_Channel_DueAt",
                table: "Deliveries");

            migrationBuilder.DropIndex(
                name: "IX_AccountMails_DueAt",
                table: "AccountMails");

            migrationBuilder.DropColumn(
                name: "Attempts",
                table: "AccountMails");

            migrationBuilder.DropColumn(
                name: "CreatedAt",
                table: "AccountMails");

            migrationBuilder.DropColumn(
                name: "DueAt",
                table: "AccountMails");

            migrationBuilder.DropColumn(
                name: "LeaseUntil",
                table: "AccountMails");

            migrationBuilder.AlterColumn<Guid>(
                name: "CommentId",
                table: "Deliveries",
                type: "TEXT",
                nullable: true,
                oldClrType: typeof(Guid),
                oldType: "TEXT");

            migrationBuilder.AddColumn<int>(
                name: "Priority",
                table: "Deliveries",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_State_Channel_Priority_DueAt",
                table: "Deliveries",
                columns: new[] { "State", "Channel", "Priority", "DueAt" });

            migrationBuilder.AddForeignKey(
                name: "FK_AccountMails_Deliveries_Id",
                table: "AccountMails",
                column: "Id",
                principalTable: "Deliveries",
                principalColumn: "Id",
                onDelete: ReferentialAction.Cascade);
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
