using Lungfish.Deployment.Documents;

namespace Lungfish.Deployment;

/// <summary>Collects what is wrong with a file, so that one look mends everything.</summary>
internal sealed class Problems(string fileName)
{
    /// <summary>Nobody mends more at once, and a file may be nothing but problems.</summary>
    private const int Max = 200;

    private readonly HashSet<Problem> _all = [];

    /// <summary>What the file may still be resolved to.</summary>
    public Allowance Allowance { get; } = new(fileName);

    /// <exception cref="DeploymentException">They are too many.</exception>
    public void Add(Mark mark, string key, string message, string whatToDo)
    {
        Allowance.Take(key.Length + message.Length + whatToDo.Length, mark, key);
        if (_all.Add(new Problem(mark, key, message, whatToDo)) && _all.Count == Max)
        {
            ThrowIfAny();
        }
    }

    /// <exception cref="DeploymentException">There is any problem.</exception>
    public void ThrowIfAny()
    {
        if (_all.Count > 0)
        {
            throw new DeploymentException(fileName, [.. _all.OrderBy(p => p.Mark.Line).ThenBy(p => p.Mark.Column)]);
        }
    }
}

/// <summary>Paths of keys as messages show them: <c>functions.hello.events[0]</c>.</summary>
internal static class Keys
{
    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
