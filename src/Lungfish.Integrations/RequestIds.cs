using System.Security.Cryptography;
using System.Text;
using Lungfish.Engine.Tasks;

namespace Lungfish.Integrations;

/// <summary>Ids of the calls that tasks make.</summary>
internal static class RequestIds
{
    /// <summary>The same id each time an attempt is handed out, so that who is called can tell a repetition.</summary>
    public static string Of(TaskAssignment assignment)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(Encoding.ASCII.GetBytes(assignment.IdempotencyKey), hash);
        return new Guid(hash[..16]).ToString();
    }
}
