using BlazorBlog.Data;

namespace BlazorBlog.Support;

/// <summary>A SQLite file with the whole schema, migrated once in a test run; every other one is a copy, which takes a hundredth of the time.</summary>
internal static class MigratedSqlite
{
    private static readonly Lazy<Task<byte[]>> Contents = new(MigrateAsync);

    /// <summary>Makes the file unless it is there.</summary>
    public static async Task CopyToAsync(string path)
    {
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, await Contents.Value);
        }
    }

    /// <summary>Makes the file with one post, so that a program in Development does not fill it with its seed content.</summary>
    public static async Task CopyWithPostAsync(string path, string slug)
    {
        await CopyToAsync(path);
        await using var node = DatabaseBlog.Open(new BlogDatabase(DatabaseProvider.Sqlite, $"Data Source={path};Pooling=False"));
        await node.AddPostAsync(slug);
    }

    private static async Task<byte[]> MigrateAsync()
    {
        using var folder = new TemporaryDirectory();
        var path = folder.File("blog.db");
        // A pooled connection would stay open, and with it a part of the contents in the log beside the file.
        await using (var blog = DatabaseBlog.Open(new BlogDatabase(DatabaseProvider.Sqlite, $"Data Source={path};Pooling=False")))
        {
            await blog.MigrateAsync();
        }

        return await File.ReadAllBytesAsync(path);
    }
}
