namespace Roux.Tracking;

/// <summary>What somebody may do in a project, or everywhere on a server; each role includes those before it.</summary>
public enum Role
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>See everything, change nothing.</summary>
    Viewer = 1,

    /// <summary>Log, register, change, and delete what can be restored.</summary>
    Editor = 2,

    /// <summary>Delete for good, move between projects, give roles.</summary>
    Admin = 3,
}
