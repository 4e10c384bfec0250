using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Lungfish.Deployment.Packaging;

/// <summary>Which files of a folder belong to a function: everything, less what is excluded, plus what is taken
/// back.</summary>
/// <remarks>Patterns are globs in the framework's order; one with <c>!</c> in front excludes, and the last match
/// wins.</remarks>
public sealed record PackagePatterns(ImmutableArray<string> Patterns)
{
    /// <summary>What never belongs to a function, however the file is packaged.</summary>
    private static readonly ImmutableArray<Rule> Never = Rules(
    [
        "!.git/**", "!.gitignore", "!.DS_Store", "!npm-debug.log", "!serverless.yml", "!serverless.yaml",
        "!.serverless/**", "!.serverless_plugins/**", "!.lungfish/**", "!**/__pycache__/**",
    ]);

    public static readonly PackagePatterns Everything = new([]);

    /// <summary>The same without a folder, whatever else is said of it.</summary>
    /// <param name="path">As seen from the folder that is packed; one that is not below it changes nothing.</param>
    public PackagePatterns Without(string path) => this with { LeftOut = path.Replace('\\', '/') };

    private string? LeftOut { get; init; }

    /// <returns>Tells of a path with <c>/</c> between its parts whether it belongs to the function.</returns>
    public Func<string, bool> Compile()
    {
        var rules = Never.AddRange(Rules(Patterns)).ToArray();
        return path =>
        {
            if (LeftOut is not null && path.StartsWith(LeftOut + "/", StringComparison.Ordinal))
            {
                return false;
            }

            var last = Array.FindLastIndex(rules, rule => rule.Regex.IsMatch(path));
            return last < 0 || rules[last].Take;
        };
    }

    private static ImmutableArray<Rule> Rules(ImmutableArray<string> patterns) =>
        [.. patterns.Select(p => p.StartsWith('!') ? new Rule(false, ToRegex(p[1..])) : new Rule(true, ToRegex(p)))];

    private readonly record struct Rule(bool Take, Regex Regex);

    private static Regex ToRegex(string glob)
    {
        var pattern = new StringBuilder("^");
        if (glob.StartsWith("./", StringComparison.Ordinal))
        {
            glob = glob[2..];
        }

        for (var i = 0; i < glob.Length; i++)
        {
            if (glob.AsSpan(i).StartsWith("**/"))
            {
                pattern.Append("(?:.*/)?");
                i += 2;
            }
            else if (glob.AsSpan(i).StartsWith("**"))
            {
                pattern.Append(".*");
                i++;
            }
            else
            {
                i = AppendOne(glob, i, pattern);
            }
        }

        // A folder's name stands for all that is in it.
        pattern.Append("(?:/.*)?$");
        // A glob of many stars would go back and forth over a long path for as long as it likes.
        return new Regex(pattern.ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    private static int AppendOne(string glob, int i, StringBuilder pattern)
    {
        switch (glob[i])
        {
            case '*':
                pattern.Append("[^/]*");
                return i;
            case '?':
                pattern.Append("[^/]");
                return i;
            case '{' when glob.IndexOf('}', i) is > 0 and var close:
                pattern.Append("(?:").AppendJoin('|', glob[(i + 1)..close].Split(',').Select(Regex.Escape)).Append(')');
                return close;
            default:
                pattern.Append(Regex.Escape(glob[i].ToString()));
                return i;
        }
    }
}
