using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Lungfish.Server.Hosting;

/// <summary>An address to listen on, of this machine only.</summary>
internal sealed record ListenAddress(string Url, string Host, int Port)
{
    /// <exception cref="ServerRefusedException">It is no address, or other machines could reach it.</exception>
    public static ListenAddress Parse(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            throw new ServerRefusedException(
                $"'{url}' is not an address to listen on; write --urls http://127.0.0.1:8083.");
        }

        if (uri.Scheme != Uri.UriSchemeHttp)
        {
            throw new ServerRefusedException(
                $"Cannot listen on {url}: only http is supported until TLS comes; "
                + $"write --urls http://127.0.0.1:{uri.Port}.");
        }

        if (uri.PathAndQuery is not "/" || uri.UserInfo.Length > 0)
        {
            throw new ServerRefusedException(
                $"Cannot listen on {url}: an address has no path; write --urls http://{uri.Authority}.");
        }

        if (!IsLoopback(uri))
        {
            throw new ServerRefusedException(
                $"Refusing to listen on {url}: there is no authentication yet, so only this machine may reach the "
                + $"server; write --urls http://127.0.0.1:{uri.Port}.");
        }

        return new ListenAddress(url, uri.Host, uri.Port);
    }

    public void AddTo(KestrelServerOptions kestrel)
    {
        if (IPAddress.TryParse(Host.Trim('[', ']'), out var address))
        {
            kestrel.Listen(address, Port);
        }
        else if (Port == 0)
        {
            // A free port that both families share cannot be asked for.
            kestrel.Listen(IPAddress.Loopback, 0);
        }
        else
        {
            kestrel.ListenLocalhost(Port);
        }
    }

    private static bool IsLoopback(Uri uri) => uri.HostNameType switch
    {
        UriHostNameType.Dns => uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase),
        UriHostNameType.IPv4 or UriHostNameType.IPv6 =>
            IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address),
        _ => false,
    };
}
