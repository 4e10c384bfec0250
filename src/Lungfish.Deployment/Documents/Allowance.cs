namespace Lungfish.Deployment.Documents;

/// <summary>How much may come of one file. Variables, functions and names make much of little, and one may stand in
/// another: without limits a few lines fill any memory, or the stack.</summary>
internal sealed class Allowance(string fileName)
{
    /// <summary>What is resolved within what is being resolved: a document's own levels, and chains of names.</summary>
    public const int LevelsMax = 400;

    /// <summary>The largest documents have a tenth of this, and are resolved a few times.</summary>
    public const int PartsMax = 1_000_000;

    /// <summary>Of texts that come out, and of the paths of the keys that they come out for.</summary>
    public const long CharactersMax = 50_000_000;

    private int _levels;
    private int _parts;
    private long _characters;

    /// <summary>Counts one part more, and what it is long.</summary>
    /// <exception cref="DeploymentException">That is too much.</exception>
    public void Take(long characters, Mark mark, string key)
    {
        _parts++;
        _characters += characters;
        if (_parts > PartsMax)
        {
            throw TooLarge(mark, key, $"{PartsMax} parts");
        }

        if (_characters > CharactersMax)
        {
            throw TooLarge(mark, key, $"{CharactersMax} characters");
        }
    }

    /// <summary>One part more, and one level further; each is left again.</summary>
    /// <exception cref="DeploymentException">That is too much, or too deep.</exception>
    public void Enter(Mark mark, string key)
    {
        Take(key.Length, mark, key);
        if (++_levels > LevelsMax)
        {
            throw Refuse(mark, key, $"this leads through more than {LevelsMax} levels and names");
        }
    }

    public void Leave() => _levels--;

    private DeploymentException TooLarge(Mark mark, string key, string size) =>
        Refuse(mark, key, $"with its variables and functions resolved, the file has more than {size}");

    private DeploymentException Refuse(Mark mark, string key, string message) =>
        new(fileName, [new Problem(mark, Shortened(key), message, "Make it simpler.")]);

    /// <summary>Nobody reads a path of a million characters.</summary>
    private static string Shortened(string key) => key.Length <= 1_000 ? key : $"{key[..1_000]}\u2026";
}
