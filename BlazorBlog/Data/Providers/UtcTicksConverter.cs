using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace BlazorBlog.Data.Providers;

internal sealed class UtcTicksConverter()
    : ValueConverter<DateTimeOffset, long>(moment => moment.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
