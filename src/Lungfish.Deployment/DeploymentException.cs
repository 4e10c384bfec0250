using Lungfish.Deployment.Documents;

namespace Lungfish.Deployment;

/// <summary>Something in a file that cannot be deployed.</summary>
/// <param name="Key">The path of keys to it, such as <c>functions.hello.layers</c>; empty for the file itself.</param>
/// <param name="Message">What is wrong, without a full stop.</param>
/// <param name="WhatToDo">A sentence.</param>
public sealed record Problem(Mark Mark, string Key, string Message, string WhatToDo);

/// <summary>A file that cannot be deployed, with everything that was found wrong in it.</summary>
public sealed class DeploymentException(string fileName, IReadOnlyList<Problem> problems)
    : Exception(string.Join('\n', problems.Select(p => Describe(fileName, p))))
{
    public string FileName { get; } = fileName;

    public IReadOnlyList<Problem> Problems { get; } = problems;

    /// <summary>One line that editors and terminals can jump to.</summary>
    public static string Describe(string fileName, Problem problem)
    {
        var key = problem.Key.Length == 0 ? "" : $" {problem.Key}:";
        return $"{fileName}:{problem.Mark.Line}:{problem.Mark.Column}:{key} {problem.Message}. {problem.WhatToDo}";
    }
}
