namespace Lungfish.Jsonata.Library;

/// <summary>The groups of a regular expression.</summary>
internal static class RegexGroups
{
    /// <summary>The names of the groups that catch, in their order; null for a group without a name.</summary>
    public static List<string?> Find(string pattern)
    {
        var names = new List<string?>();
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '[':
                    inClass = true;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '(' when !inClass:
                    AddGroup(names, pattern, i + 1);
                    break;
            }
        }

        return names;
    }

    private static void AddGroup(List<string?> names, string pattern, int start)
    {
        var rest = pattern.AsSpan(start);
        if (!rest.StartsWith('?'))
        {
            names.Add(null);
        }
        else if (rest is ['?', '<', not ('=' or '!'), ..])
        {
            var close = pattern.IndexOf('>', start);
            var name = close < 0 ? "" : pattern[(start + 2)..close];
            if (name is "" or [>= '0' and <= '9', ..] || !name.All(c => char.IsLetterOrDigit(c) || c is '_' or '$'))
            {
                throw RegexTranslator.Fault("Invalid capture group name");
            }

            names.Add(!names.Contains(name) ? name : throw RegexTranslator.Fault("Duplicate capture group name"));
        }
    }
}
