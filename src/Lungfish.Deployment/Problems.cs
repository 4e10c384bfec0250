using Lungfish.Deployment.Documents;

namespace Lungfish.Deployment;

/// <summary>Collects what is wrong with a file, so that one look mends everything.</summary>
internal sealed class Problems(string fileName)
{
    private readonly List<Problem> _all = [];

    public void Add(Mark mark, string key, string message, string whatToDo)
    {
        var problem = new Problem(mark, key, message, whatToDo);
        if (!_all.Contains(problem))
        {
            _all.Add(problem);
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
