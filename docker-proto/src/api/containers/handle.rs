//! A container as a value.

use super::{
    Attach, AttachOutput, AttachWebsocket, Changes, Export, Inspect, Kill, Logs, Pause, Remove, Rename, Resize,
    Restart, Start, Stats, StatsOnce, Stop, Top, Unpause, Update, Wait,
};
use crate::api::{archive, checkpoints, exec, images};
use crate::model::{CheckpointCreateRequest, ContainerCreateResponse, ContainerUpdateBody, ExecConfig};
use alloc::string::String;

handle! {
    /// A container: its id, the beginning of one, or its name.
    ///
    /// ```
    /// use docker_proto::api::containers;
    /// use docker_proto::model::ExecConfig;
    ///
    /// let web = containers::named("web");
    /// let logs = web.logs().stdout(true).follow(true);
    /// let exec = web.exec(ExecConfig::new().cmd(["ls"]).attach_stdout(true));
    /// assert_eq!(logs, containers::Logs::new(&web).stdout(true).follow(true));
    /// ```
    Handle from [ContainerCreateResponse] {
        inspect => Inspect,
        start => Start,
        stop => Stop,
        restart => Restart,
        kill => Kill,
        pause => Pause,
        unpause => Unpause,
        wait => Wait,
        remove => Remove,
        rename(name: impl Into<String>) => Rename,
        update(body: impl Into<ContainerUpdateBody>) => Update,
        resize(rows: u32, columns: u32) => Resize,
        logs => Logs,
        attach => Attach,
        attach_output => AttachOutput,
        attach_websocket => AttachWebsocket,
        top => Top,
        stats => Stats,
        stats_once => StatsOnce,
        changes => Changes,
        export => Export,
        commit => images::Commit,
        exec(body: impl Into<ExecConfig>) => exec::Create,
        archive(path: impl Into<String>) => archive::Get,
        stat(path: impl Into<String>) => archive::Stat,
        put_archive(path: impl Into<String>) => archive::Put,
        checkpoints => checkpoints::List,
        create_checkpoint(body: impl Into<CheckpointCreateRequest>) => checkpoints::Create,
        remove_checkpoint(checkpoint: impl Into<String>) => checkpoints::Remove,
    }
}
