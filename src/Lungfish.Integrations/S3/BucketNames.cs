namespace Lungfish.Integrations.S3;

/// <summary>The rules for names of buckets and keys where folders play buckets.</summary>
internal static class BucketNames
{
    private const int KeyBytesMax = 1024; // S3's own limit.
    private const int SegmentBytesMax = 255; // That of the usual file systems.

    private static readonly char[] CharsNotInFileNames = Path.GetInvalidFileNameChars();

    /// <summary>S3's rule: 3 to 63 of a-z, 0-9, dot and hyphen, a letter or digit at both ends.</summary>
    public static bool IsBucket(string name) =>
        name.Length is >= 3 and <= 63
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-')
        && char.IsAsciiLetterOrDigit(name[0])
        && char.IsAsciiLetterOrDigit(name[^1])
        && !name.Contains("..", StringComparison.Ordinal);

    /// <summary>Why a key cannot be a path below a folder, or null if it can.</summary>
    public static string? WhyNotAPath(string key)
    {
        if (key.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(key) > KeyBytesMax)
        {
            return $"a key has 1 to {KeyBytesMax} bytes";
        }

        foreach (var segment in key.Split('/'))
        {
            if (segment.Length == 0)
            {
                return "a folder bucket has no key that begins or ends with / or has // in it";
            }

            // Windows drops dots and spaces at the end of a name, which would make two keys one file.
            if (segment is "." or ".." || (OperatingSystem.IsWindows() && segment[^1] is '.' or ' '))
            {
                return $"a folder bucket has no key with '{segment}' between slashes";
            }

            if (segment.AsSpan().IndexOfAny(CharsNotInFileNames) >= 0 || !IsUnicode(segment))
            {
                return "a key of a folder bucket has only characters that file names may have";
            }

            if (System.Text.Encoding.UTF8.GetByteCount(segment) > SegmentBytesMax)
            {
                return $"a folder bucket takes at most {SegmentBytesMax} bytes between two slashes of a key";
            }
        }

        return null;
    }

    /// <summary>The order of S3's listings: that of UTF-8 bytes, which UTF-16 keeps but for surrogates.</summary>
    public static int Compare(string left, string right)
    {
        var length = Math.Min(left.Length, right.Length);
        for (var i = 0; i < length; i++)
        {
            if (left[i] != right[i])
            {
                var (l, r) = (left[i], right[i]);
                return char.IsSurrogate(l) == char.IsSurrogate(r) ? l.CompareTo(r) : char.IsSurrogate(l) ? 1 : -1;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    /// <summary>Lone surrogates would be replaced on the way to the disk: two keys could be one file.</summary>
    private static bool IsUnicode(string segment)
    {
        for (var i = 0; i < segment.Length; i++)
        {
            if (char.IsSurrogate(segment[i]))
            {
                if (i + 1 == segment.Length || !char.IsSurrogatePair(segment[i], segment[i + 1]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }
}
