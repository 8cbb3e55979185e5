using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace BlazorBlog.Data.Providers;

/// <summary><c>timestamp with time zone</c> keeps a moment and no offset; Npgsql refuses any other offset than UTC's rather than drop it.</summary>
internal sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(moment => moment.ToUniversalTime(), moment => moment);
