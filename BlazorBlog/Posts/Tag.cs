namespace BlazorBlog.Posts;

public sealed class Tag
{
    public const int MaxLength = 60;

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required string Slug { get; init; }

    public required string Name { get; set; }

    public List<Post> Posts { get; init; } = [];
}
