namespace Lungfish.Deployment;

/// <summary>Finds what someone probably meant.</summary>
public static class Spelling
{
    /// <returns>The nearest of the words if it is near enough to be meant, else null.</returns>
    public static string? Nearest(string word, IEnumerable<string> words)
    {
        var best = words
            .Select(w => (Candidate: w, Distance: Distance(word.ToUpperInvariant(), w.ToUpperInvariant())))
            .OrderBy(c => c.Distance)
            .ThenBy(c => c.Candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Candidate is not null && best.Distance <= Math.Max(1, word.Length / 3) ? best.Candidate : null;
    }

    /// <summary>Changes of one letter, and swaps of two neighbours, that lead from one word to the other.</summary>
    private static int Distance(string from, string to)
    {
        var costs = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            costs[i, 0] = i;
        }

        for (var j = 0; j <= to.Length; j++)
        {
            costs[0, j] = j;
        }

        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var change = from[i - 1] == to[j - 1] ? 0 : 1;
                costs[i, j] = Math.Min(
                    Math.Min(costs[i - 1, j] + 1, costs[i, j - 1] + 1), costs[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    costs[i, j] = Math.Min(costs[i, j], costs[i - 2, j - 2] + 1);
                }
            }
        }

        return costs[from.Length, to.Length];
    }
}
