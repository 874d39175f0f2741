//! Bodies of the operations that run a further command in a container.

use super::ConsoleSize;
use super::macros::model;
use alloc::string::String;

model! {
    /// A command to run in a running container.
    pub struct ExecConfig {
        /// Lets the caller write to the command.
        attach_stdin: "AttachStdin" bool,
        /// Lets the caller read what the command prints.
        attach_stdout: "AttachStdout" bool,
        /// Lets the caller read its error output.
        attach_stderr: "AttachStderr" bool,
        /// First size of the terminal.
        console_size: "ConsoleSize" ConsoleSize since 1.42,
        /// Keys that detach from a terminal: `ctrl-p,ctrl-q` style.
        detach_keys: "DetachKeys" String,
        /// Gives the command a terminal; send the same value when starting.
        tty: "Tty" bool,
        /// More environment, as `NAME=value`.
        env: "Env" [String] since 1.25,
        /// The program and its arguments.
        cmd: "Cmd" [String],
        /// Runs the command with all privileges.
        privileged: "Privileged" bool,
        /// Who runs it: a name or number, with `:group` if wanted; `0` is root.
        user: "User" String,
        /// Directory the command starts in, inside the container.
        working_dir: "WorkingDir" String since 1.35,
    }

    /// The id of something just created: a prepared command, a committed image, a secret, a config.
    ///
    /// Builds tell theirs as [`ImageID`](super::ImageID), whose field is spelled otherwise.
    pub struct IdResponse {
        /// The id.
        id: "Id" String,
    }

    /// How a prepared command is started.
    pub struct ExecStartConfig {
        /// Returns at once, without any stream.
        detach: "Detach" bool,
        /// The framing of the stream; must be what the command was created with.
        tty: "Tty" bool,
        /// First size of the terminal.
        console_size: "ConsoleSize" ConsoleSize since 1.42,
    }

    /// The state of a command run in a container.
    pub struct ExecInspectResponse {
        /// Whether the engine may forget it.
        can_remove: "CanRemove" bool,
        /// Keys that detach from its terminal.
        detach_keys: "DetachKeys" String,
        /// Id of the command.
        id: "ID" String,
        /// Whether it still runs.
        running: "Running" bool,
        /// Exit code; absent while it runs.
        exit_code: "ExitCode" i64,
        /// What was asked for.
        process_config: "ProcessConfig" ProcessConfig,
        /// Whether its standard input is attached.
        open_stdin: "OpenStdin" bool,
        /// Whether its error output is attached.
        open_stderr: "OpenStderr" bool,
        /// Whether its standard output is attached.
        open_stdout: "OpenStdout" bool,
        /// Id of the container it runs in.
        container_id: "ContainerID" String,
        /// Process id on the engine's host; 0 before the start.
        pid: "Pid" i64 since 1.25,
    }

    /// The process of a command run in a container.
    pub struct ProcessConfig {
        /// Runs with all privileges.
        privileged: "privileged" bool,
        /// Who runs it.
        user: "user" String,
        /// Whether it has a terminal.
        tty: "tty" bool,
        /// The program.
        entrypoint: "entrypoint" String,
        /// Its arguments, without the program.
        arguments: "arguments" [String],
    }
}
