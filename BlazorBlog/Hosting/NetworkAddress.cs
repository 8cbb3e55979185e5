using System.Net;
using System.Net.Sockets;

namespace BlazorBlog.Hosting;

internal static class NetworkAddress
{
    /// <summary>Names the household behind an address for a limit: with IPv6 it has a whole /64.</summary>
    public static string ToLimitKey(this IPAddress? address)
    {
        address ??= IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}
