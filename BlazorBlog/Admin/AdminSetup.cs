using BlazorBlog.Admin.Dashboard;
using MudBlazor.Services;

namespace BlazorBlog.Admin;

public static class AdminSetup
{
    public static void AddAdmin(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AdminOverview>();
        builder.Services.AddMudServices();
    }
}
