using BlazorBlog.Data.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlazorBlog.Data.SqlServer;

public sealed class SqlServerSchemaTests : IDisposable
{
    private readonly SqlServerBlogDbContext _db = new SqlServerDesignTimeFactory().CreateDbContext([]);

    [Fact]
    public void The_migrations_make_the_model() => Assert.False(_db.Database.HasPendingModelChanges());

    [Fact]
    public void The_grammar_accepts_the_create_script() => Assert.Empty(TransactSql.Check(_db.Database.GenerateCreateScript()));

    [Theory]
    [InlineData(MigrationsSqlGenerationOptions.Default)]
    [InlineData(MigrationsSqlGenerationOptions.Idempotent)]
    public void The_grammar_accepts_the_migrations(MigrationsSqlGenerationOptions options)
    {
        var script = _db.GetService<IMigrator>().GenerateScript(options: options);

        Assert.Contains("CREATE TABLE [Comments]", script, StringComparison.Ordinal);
        Assert.Empty(TransactSql.Check(script));
    }

    [Fact]
    public void The_grammar_refuses_what_another_database_speaks() =>
        Assert.NotEmpty(TransactSql.Check("SELECT \"Id\" FROM \"Posts\" LIMIT 1"));

    /// <summary>SQL Server refuses a table that two cascades reach from one row (error 1785).</summary>
    [Fact]
    public void No_row_is_reached_by_two_cascades()
    {
        foreach (var table in _db.Model.GetEntityTypes())
        {
            var reached = Reached(table).ToList();
            Assert.Equal(reached.Distinct().Count(), reached.Count);
            Assert.DoesNotContain(table, reached);
        }

        static IEnumerable<IEntityType> Reached(IEntityType table) => table.GetReferencingForeignKeys()
            .Where(key => key.DeleteBehavior is DeleteBehavior.Cascade or DeleteBehavior.SetNull)
            .SelectMany(key => Reached(key.DeclaringEntityType).Prepend(key.DeclaringEntityType));
    }

    public void Dispose() => _db.Dispose();
}
