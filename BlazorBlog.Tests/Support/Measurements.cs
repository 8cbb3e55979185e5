using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Support;

/// <summary>What the blog's own instruments measure: the observed ones of one program, and of the others what the caller itself does.</summary>
public sealed class Measurements : IDisposable
{
    private readonly AsyncLocal<bool> _isOwn = new();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _last = [];

    /// <param name="services">Of the program.</param>
    public Measurements(IServiceProvider services)
    {
        var program = services.GetRequiredService<IMeterFactory>();
        _isOwn.Value = true;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith("BlazorBlog.", StringComparison.Ordinal) && (instrument.Meter.Scope is null || instrument.Meter.Scope == program))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>(Keep);
        _listener.Start();
    }

    /// <summary>Collects as an exporter does.</summary>
    /// <returns>The last value of each instrument, by its name and the values of its tags.</returns>
    public IReadOnlyDictionary<string, double> Collect()
    {
        lock (_last)
        {
            _last.Clear();
        }

        _listener.RecordObservableInstruments();
        return Seen;
    }

    /// <summary>What was measured without collecting.</summary>
    public IReadOnlyDictionary<string, double> Seen
    {
        get
        {
            lock (_last)
            {
                return new Dictionary<string, double>(_last);
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state = null)
    {
        if (!_isOwn.Value)
        {
            return;
        }

        var name = string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => $"{tag.Value}")]);
        lock (_last)
        {
            _last[name] = value;
        }
    }
}
