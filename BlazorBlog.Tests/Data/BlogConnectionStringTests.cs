using BlazorBlog.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

namespace BlazorBlog.Data;

public sealed class BlogConnectionStringTests
{
    [Theory]
    [InlineData(null, "App_Data/blog.db")]
    [InlineData("", "App_Data/blog.db")]
    [InlineData("Data Source=data/my.db", "data/my.db")]
    public void A_relative_file_starts_from_the_content_root(string? configured, string file)
    {
        var read = BlogConnectionString.Read(DatabaseProvider.Sqlite, configured, "/srv/blog", out var error);

        Assert.Null(error);
        Assert.Equal($"/srv/blog/{file}", new SqliteConnectionStringBuilder(read).DataSource);
    }

    [Fact]
    public void An_absolute_file_stays_where_it_is()
    {
        var read = BlogConnectionString.Read(DatabaseProvider.Sqlite, "Data Source=/var/lib/blog.db", "/srv/blog", out _);

        Assert.Equal("/var/lib/blog.db", new SqliteConnectionStringBuilder(read).DataSource);
    }

    [Theory]
    [InlineData("Sqlite", "Data Source=:memory:", "ConnectionStrings:Blog: Data Source must be the path of a file.")]
    [InlineData("Sqlite", "Data Source=blog;Mode=Memory", "ConnectionStrings:Blog: Data Source must be the path of a file.")]
    [InlineData("Sqlite", "Host=db;Database=blog", "ConnectionStrings:Blog: not a connection string for Sqlite.")]
    [InlineData("PostgreSql", null, "ConnectionStrings:Blog: Database:Provider=PostgreSql needs to know its server")]
    [InlineData("PostgreSql", "Database=blog", "ConnectionStrings:Blog: Database:Provider=PostgreSql needs to know its server")]
    [InlineData("PostgreSql", "Data Source=blog.db;Nonsense=1", "ConnectionStrings:Blog: not a connection string for PostgreSql.")]
    [InlineData("PostgreSql", "Host=db;Port=many", "ConnectionStrings:Blog: not a connection string for PostgreSql.")]
    [InlineData("Postgres", null, "Database:Provider: 'Postgres' is not one of Sqlite, PostgreSql, SqlServer.")]
    [InlineData("7", null, "Database:Provider: '7' is not one of Sqlite, PostgreSql, SqlServer.")]
    [InlineData("SqlServer", null, "ConnectionStrings:Blog: Database:Provider=SqlServer needs to know its server")]
    public async Task A_wrong_database_stops_the_start_and_names_the_key(string provider, string? connectionString, string message)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = provider,
            ["ConnectionStrings:Blog"] = connectionString,
        });
        builder.AddData();

        await using var app = builder.Build();
        Assert.StartsWith(message, Assert.Single(app.FindWrongSettings()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_connection_string_does_not_show_its_password()
    {
        BlogConnectionString.Read(DatabaseProvider.PostgreSql, "Host=db;Password=sesame;Port=many", "/srv/blog", out var error);

        Assert.DoesNotContain("sesame", error, StringComparison.Ordinal);
    }
}
