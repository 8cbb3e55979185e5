using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorBlog.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class TraceParent : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // One statement, because EF adds a check by copying the whole table outside of the migration's transaction.
            migrationBuilder.Sql(
                """
                ALTER TABLE "OutboxMessages" ADD COLUMN "TraceParent" TEXT NULL CONSTRAINT "CK_OutboxMessages_TraceParent_Length" CHECK (length("TraceParent") <= 55)
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "CK_OutboxMessages_TraceParent_Length",
                table: "OutboxMessages");

            migrationBuilder.DropColumn(
                name: "TraceParent",
                table: "OutboxMessages");
        }
    }
}
