using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorBlog.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class PostLanguage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // One statement, because EF adds a check by copying the whole table outside of the migration's transaction.
            migrationBuilder.Sql(
                """
                ALTER TABLE "Posts" ADD COLUMN "Language" TEXT NULL CONSTRAINT "CK_Posts_Language_Length" CHECK (length("Language") <= 35)
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "CK_Posts_Language_Length",
                table: "Posts");

            migrationBuilder.DropColumn(
                name: "Language",
                table: "Posts");
        }
    }
}
