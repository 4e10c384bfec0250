using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Lungfish.Integrations.S3;
using Microsoft.AspNetCore.Http;

namespace Lungfish.Server.S3;

/// <summary>XML as S3 writes and reads it.</summary>
internal static class S3Xml
{
    private const long BodyCharactersMax = 4 * 1024 * 1024; // A thousand keys of the longest kind.

    public static readonly XNamespace Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    public static async Task WriteAsync(HttpContext http, XElement answer)
    {
        http.Response.ContentType = "application/xml";
        using var text = new MemoryStream();
        await using (var writer = XmlWriter.Create(
            text, new XmlWriterSettings { Async = true, Encoding = new UTF8Encoding(false), CheckCharacters = false }))
        {
            await answer.SaveAsync(writer, http.RequestAborted);
        }

        http.Response.ContentLength = text.Length;
        await http.Response.Body.WriteAsync(text.GetBuffer().AsMemory(0, (int)text.Length), http.RequestAborted);
    }

    /// <exception cref="ObjectStoreException"><c>MalformedXML</c>.</exception>
    public static async Task<XElement> ReadAsync(HttpContext http)
    {
        try
        {
            using var body = new MemoryStream();
            await AwsChunkedBody.CopyAsync(http.Request, body, http.RequestAborted);
            body.Position = 0;
            using var reader = XmlReader.Create(body, new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                MaxCharactersInDocument = BodyCharactersMax,
                XmlResolver = null,
            });
            return XElement.Load(reader);
        }
        catch (XmlException e)
        {
            throw new ObjectStoreException(
                "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our published schema",
                400,
                "S3 endpoint",
                e);
        }
    }

    public static string TimeText(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
