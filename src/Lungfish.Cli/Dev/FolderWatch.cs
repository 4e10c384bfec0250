namespace Lungfish.Cli.Dev;

/// <summary>Tells that files of a service changed. Folders that hold no code are not looked at: the server's own data
/// is written all the time.</summary>
internal sealed class FolderWatch : IDisposable
{
    private static readonly IReadOnlySet<string> Ignored = new HashSet<string>(StringComparer.Ordinal)
    {
        ".git", ".lungfish", ".serverless", "__pycache__", "bin", "node_modules", "obj",
    };

    private readonly Action _changed;
    private readonly string _data; // With a separator behind it.
    private readonly FileSystemWatcher _root;
    private readonly Dictionary<string, FileSystemWatcher> _folders = [];

    /// <param name="dataDirectory">The server's own data, which may lie within.</param>
    public FolderWatch(string folder, string dataDirectory, Action changed)
    {
        _changed = changed;
        _data = Below(Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataDirectory)));
        _root = Watch(folder, deep: false);
        _root.Created += (_, e) => Enter(e.FullPath);
        _root.Deleted += (_, e) => Leave(e.FullPath);
        _root.Renamed += (_, e) =>
        {
            Leave(e.OldFullPath);
            Enter(e.FullPath);
        };
        foreach (var inner in Directory.EnumerateDirectories(folder))
        {
            Enter(inner);
        }
    }

    public void Dispose()
    {
        _root.Dispose();
        lock (_folders)
        {
            foreach (var watcher in _folders.Values)
            {
                watcher.Dispose();
            }
        }
    }

    private void Enter(string path)
    {
        if (!Directory.Exists(path) || Ignored.Contains(Path.GetFileName(path)) || IsData(path))
        {
            return;
        }

        lock (_folders)
        {
            if (!_folders.ContainsKey(path))
            {
                _folders[path] = Watch(path, deep: true);
            }
        }
    }

    /// <summary>What comes there later under the same name is another folder.</summary>
    private void Leave(string path)
    {
        lock (_folders)
        {
            if (_folders.Remove(path, out var watcher))
            {
                watcher.Dispose();
            }
        }
    }

    private FileSystemWatcher Watch(string folder, bool deep)
    {
        var watcher = new FileSystemWatcher(folder)
        {
            IncludeSubdirectories = deep,
            NotifyFilter =
                NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
        };
        watcher.Changed += Notice;
        watcher.Created += Notice;
        watcher.Deleted += Notice;
        watcher.Renamed += Notice;
        watcher.EnableRaisingEvents = true;
        return watcher;
    }

    private void Notice(object sender, FileSystemEventArgs e)
    {
        if (!(e.Name ?? "").Split('/', '\\').Any(Ignored.Contains) && !IsData(e.FullPath))
        {
            _changed();
        }
    }

    private bool IsData(string path) => Below(path).StartsWith(_data, StringComparison.Ordinal);

    private static string Below(string path) => path + Path.DirectorySeparatorChar;
}
