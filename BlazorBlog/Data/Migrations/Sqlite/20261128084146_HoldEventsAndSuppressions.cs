using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorBlog.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class HoldEventsAndSuppressions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Suppressions_Address_Channel",
                table: "Suppressions");

            migrationBuilder.DropIndex(
                name: "IX_OutboxMessages_CommentId_Kind",
                table: "OutboxMessages");

            migrationBuilder.DropIndex(
                name: "IX_Deliveries_CommentId_Event_RecipientKey_Channel",
                table: "Deliveries");

            migrationBuilder.AddColumn<long>(
                name: "ExpiresAt",
                table: "Suppressions",
                type: "INTEGER",
                nullable: true);

            // A bare 550 was enough for a suppression, and no row tells which code it came from: mail finds out again which addresses do not exist.
            migrationBuilder.Sql("DELETE FROM \"Suppressions\" WHERE \"Reason\" = 0 AND \"Channel\" = 0");

            // Numbers expire as new ones do. In ticks, 90 days.
            migrationBuilder.Sql("UPDATE \"Suppressions\" SET \"ExpiresAt\" = \"CreatedAt\" + 77760000000000 WHERE \"Reason\" = 0");

            migrationBuilder.AddColumn<long>(
                name: "EventNumber",
                table: "OutboxMessages",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "EventNumber",
                table: "Deliveries",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateIndex(
                name: "IX_Suppressions_Address_Channel_Reason",
                table: "Suppressions",
                columns: new[] { "Address", "Channel", "Reason" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_OutboxMessages_CommentId_Kind_EventNumber",
                table: "OutboxMessages",
                columns: new[] { "CommentId", "Kind", "EventNumber" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_CommentId_Event_EventNumber_RecipientKey_Channel",
                table: "Deliveries",
                columns: new[] { "CommentId", "Event", "EventNumber", "RecipientKey", "Channel" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Suppressions_Address_Channel_Reason",
                table: "Suppressions");

            migrationBuilder.DropIndex(
                name: "IX_OutboxMessages_CommentId_Kind_EventNumber",
                table: "OutboxMessages");

            migrationBuilder.DropIndex(
                name: "IX_Deliveries_CommentId_Event_EventNumber_RecipientKey_Channel",
                table: "Deliveries");

            migrationBuilder.DropColumn(
                name: "ExpiresAt",
                table: "Suppressions");

            migrationBuilder.DropColumn(
                name: "EventNumber",
                table: "OutboxMessages");

            migrationBuilder.DropColumn(
                name: "EventNumber",
                table: "Deliveries");

            migrationBuilder.CreateIndex(
                name: "IX_Suppressions_Address_Channel",
                table: "Suppressions",
                columns: new[] { "Address", "Channel" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_OutboxMessages_CommentId_Kind",
                table: "OutboxMessages",
                columns: new[] { "CommentId", "Kind" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_CommentId_Event_RecipientKey_Channel",
                table: "Deliveries",
                columns: new[] { "CommentId", "Event", "RecipientKey", "Channel" },
                unique: true);
        }
    }
}
