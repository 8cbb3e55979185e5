namespace BlazorBlog.Data;

/// <summary>The program cannot start without its database; the message names the server, and what it or the network said.</summary>
public sealed class DatabaseUnreachableException(string server, Exception cause)
    : Exception($"{BlogConnectionString.Key}: the database at {server} cannot be reached. {cause.GetBaseException().Message}", cause);
