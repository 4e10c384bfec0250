namespace Lungfish.Deployment.CloudFormation;

/// <summary>Puts resources behind those that they refer to.</summary>
internal static class ResourceOrder
{
    public static IReadOnlyList<TemplateResource> Sort(IReadOnlyList<TemplateResource> resources, Problems problems)
    {
        var byId = resources.ToDictionary(r => r.LogicalId, StringComparer.Ordinal);
        var ordered = new List<TemplateResource>();
        var visited = new Dictionary<string, bool>(StringComparer.Ordinal); // False: its references are being visited.
        var path = new Stack<(TemplateResource Resource, bool IsVisited)>(); // A chain may be as long as the file.
        foreach (var resource in resources)
        {
            path.Push((resource, false));
            while (path.TryPop(out var next))
            {
                Visit(next.Resource, next.IsVisited);
            }
        }

        return ordered;

        void Visit(TemplateResource resource, bool isVisited)
        {
            if (isVisited)
            {
                visited[resource.LogicalId] = true;
                ordered.Add(resource);
            }
            else if (visited.TryAdd(resource.LogicalId, false))
            {
                path.Push((resource, true));
                foreach (var name in resource.References.Distinct().Reverse())
                {
                    if (byId.TryGetValue(name, out var needed))
                    {
                        path.Push((needed, false));
                    }
                }
            }
            else if (!visited[resource.LogicalId])
            {
                problems.Add(
                    resource.Mark,
                    $"Resources.{resource.LogicalId}",
                    $"{resource.LogicalId} depends on itself",
                    "Break the circle.");
            }
        }
    }
}
