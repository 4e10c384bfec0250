using System.Text;

namespace Lungfish.Integrations.S3;

/// <summary>The tokens of ListObjectsV2, which clients give back as they are.</summary>
public static class ContinuationToken
{
    public static string Of(string startAfter) => Convert.ToBase64String(Encoding.UTF8.GetBytes(startAfter));

    /// <exception cref="ObjectStoreException"><c>InvalidArgument</c>: no page gave it.</exception>
    public static string Read(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(token));
        }
        catch (FormatException e)
        {
            throw new ObjectStoreException(
                "InvalidArgument", "The continuation token provided is incorrect", 400, "S3", e);
        }
    }
}
