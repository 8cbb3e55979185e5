namespace BlazorBlog.Data.Seed;

public static class SeedSetup
{
    /// <summary>An empty blog is seeded in Development only; in production its owner writes the first post.</summary>
    public static async Task SeedInDevelopmentAsync(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            await ActivatorUtilities.CreateInstance<Seeder>(app.Services).SeedAsync(app.Lifetime.ApplicationStopping);
        }
    }
}
