using System.Diagnostics;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace BlazorBlog.Hosting;

/// <summary>Traces, metrics and logs by OTLP, see docs/operations.md. Without an endpoint nothing of it is started.</summary>
public static class TelemetrySetup
{
    /// <summary>Sources and meters of the blog itself.</summary>
    private const string Own = "BlazorBlog.*";

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            return;
        }

        builder.Services.AddOpenTelemetry()
            // The environment (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES) ranks above what is said here.
            .ConfigureResource(resource => resource.AddService("BlazorBlog").AddEnvironmentVariableDetector())
            .WithTracing(traces => traces.AddSource(Own).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddNpgsql())
            .WithMetrics(metrics => metrics.AddMeter(Own).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddNpgsqlInstrumentation().AddRuntimeInstrumentation())
            .WithLogging(configureBuilder: null, logs => logs.IncludeFormattedMessage = true)
            .UseOtlpExporter();
    }

    /// <summary>
    /// Keeps secrets that stand in a path (unsubscribe, password reset, webhook) out of traces: there the route takes the path's place.
    /// Queries are blanked by the instrumentation.
    /// </summary>
    public static void UseTelemetry(this WebApplication app) => app.Use((context, next) =>
    {
        if (Activity.Current is { IsAllDataRequested: true } activity
            && context.GetEndpoint() is RouteEndpoint endpoint
            && (context.Request.RouteValues.ContainsKey("token") || context.Request.RouteValues.ContainsKey("secret")))
        {
            activity.SetTag("url.path", endpoint.RoutePattern.RawText);
        }

        return next(context);
    });
}
