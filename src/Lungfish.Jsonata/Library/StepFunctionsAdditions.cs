using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Lungfish.Jsonata.Library;

/// <summary>Functions that Step Functions adds to the library. Facts about them were measured there.</summary>
internal static class StepFunctionsAdditions
{
    /// <summary>Cuts into pieces of that size; the last may be shorter.</summary>
    /// <param name="items">What is cut.</param>
    /// <param name="size">Cut to a whole number. Null: one piece.</param>
    /// <returns>Null, which is undefined: the size is 0, or there are no items.</returns>
    /// <exception cref="JsonataFault">D3137: the size is negative.</exception>
    public static List<T[]>? Partition<T>(IReadOnlyList<T> items, double? size)
    {
        if (size < 0)
        {
            throw JsonataFault.Saying("D3137", "Second argument must be zero or greater");
        }

        var each = (int)Math.Min(int.MaxValue, Math.Truncate(size ?? items.Count));
        if (each == 0 || items.Count == 0)
        {
            return null;
        }

        var pieces = new List<T[]>();
        for (var start = 0; start < items.Count; start += pieces[^1].Length)
        {
            var piece = new T[Math.Min(each, items.Count - start)];
            for (var i = 0; i < piece.Length; i++)
            {
                piece[i] = items[start + i];
            }

            pieces.Add(piece);
        }

        return pieces;
    }

    /// <summary>How many numbers <see cref="Range"/> gives, so that a limit can be checked before.</summary>
    public static double CountRange(double first, double last, double step)
    {
        var (from, to, by) = (Math.Truncate(first), Math.Truncate(last), Math.Truncate(step));
        return by == 0 || (to - from) / by < 0 ? 0 : Math.Floor((to - from) / by) + 1;
    }

    /// <summary>From the first number to the last, which is included. Numbers are cut to whole ones.</summary>
    /// <returns>Nothing if the step is 0 or leads away from the last number.</returns>
    public static IEnumerable<double> Range(double first, double last, double step)
    {
        var count = CountRange(first, last, step);
        for (var i = 0L; i < count; i++)
        {
            yield return Math.Truncate(first) + (i * Math.Truncate(step));
        }
    }

    /// <exception cref="JsonataFault">D3137: another algorithm than <see cref="FindHash"/> knows.</exception>
    public static string Hash(string text, string algorithm) => FindHash(text, algorithm) ?? throw JsonataFault.Saying(
        "D3137", $"Hash algorithm '{algorithm}' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5");

    /// <param name="text">Hashed as UTF-8.</param>
    /// <param name="algorithm">MD5, SHA-1, SHA-256, SHA-384 or SHA-512, written exactly so.</param>
    /// <returns>Lower-case hexadecimal digits, or null if there is no such algorithm.</returns>
    /// <remarks>The language's own: what <c>$hash</c> is in JSONata, <c>States.Hash</c> is in JSONPath.</remarks>
    [SuppressMessage("Security", "CA5350", Justification = "The language has it.")]
    [SuppressMessage("Security", "CA5351", Justification = "The language has it.")]
    public static string? FindHash(string text, string algorithm)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var hash = algorithm switch
        {
            "MD5" => MD5.HashData(bytes),
            "SHA-1" => SHA1.HashData(bytes),
            "SHA-256" => SHA256.HashData(bytes),
            "SHA-384" => SHA384.HashData(bytes),
            "SHA-512" => SHA512.HashData(bytes),
            _ => null,
        };
        return hash is null ? null : Convert.ToHexStringLower(hash);
    }

    /// <summary>What <c>new java.util.Random(seed).nextDouble()</c> is; 0 or more, and less than 1.</summary>
    public static double RandomOf(double seed) => new JavaRandom((long)Math.Clamp(seed, -9.2e18, 9.2e18)).NextDouble();
}
