using BlazorBlog.Admin.Dashboard;

namespace BlazorBlog.Admin;

public static class AdminSetup
{
    public static void AddAdmin(this WebApplicationBuilder builder) => builder.Services.AddSingleton<AdminOverview>();
}
