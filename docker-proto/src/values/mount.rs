//! Mounts as the docker command line writes them: `type=bind,src=/a,dst=/b,readonly`.

use super::bind::is_absolute;
use super::fields::fields;
use super::{ByteSize, refuse};
use crate::model::{BindOptions, ImageOptions, Mount, MountPropagation, MountType, VolumeDriverConfig, VolumeOptions};
use crate::{Error, Result};
use alloc::string::String;
use alloc::{format, vec};
use core::str::FromStr;

const WHAT: &str = "mount";

/// Fields joined by commas; quotes keep a comma inside one. A field that is not listed is refused, and so is one that
/// does not fit the type.
///
/// | field | for the types |
/// |---|---|
/// | `type`: `bind`, `volume` (the default), `tmpfs`, `image`, `npipe`, `cluster` | |
/// | `source`, `src`; `target`, `destination`, `dst`; `readonly`, `ro`; `consistency` | all |
/// | `bind-propagation` or `propagation`, `bind-nonrecursive`, `bind-recursive`, `bind-create-mountpoint` | `bind` |
/// | `volume-nocopy`, `volume-label`, `volume-driver`, `volume-opt`, `volume-subpath` | `volume` |
/// | `tmpfs-size`, `tmpfs-mode` (octal) | `tmpfs` |
/// | `image-subpath` | `image` |
///
/// ```
/// use docker_proto::model::Mount;
///
/// let mount: Mount = "type=bind,src=/data,dst=/srv,readonly,bind-propagation=slave".parse()?;
/// assert_eq!(mount.read_only, Some(true));
/// let error = "type=tmpfs,dst=/run,volume-nocopy".parse::<Mount>().unwrap_err();
/// assert!(error.message().contains("`volume-nocopy` is not for mounts of type tmpfs"));
/// # Ok::<(), docker_proto::Error>(())
/// ```
impl FromStr for Mount {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        let refuse_as = |rule: &str| refuse(WHAT, text, rule);
        let fields = fields(text).map_err(refuse_as)?;
        let mut mount = Self::new();
        for field in &fields {
            let (name, value) = match field.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (&**field, None),
            };
            mount = set(mount, name, value).map_err(|rule| refuse(WHAT, text, rule))?;
        }
        let kind = mount.kind.get_or_insert(MountType::Volume).clone();
        for field in &fields {
            let name = field.split_once('=').map_or(&**field, |(name, _)| name);
            if belongs_to(name).is_some_and(|of| of != kind) {
                return Err(refuse_as(&format!("`{name}` is not for mounts of type {kind}")));
            }
        }
        check(&mount).map_err(refuse_as)?;
        Ok(mount)
    }
}

super::read_from_text!(Mount);

/// The type that a field is for, unless it is for all.
#[inline]
fn belongs_to(name: &str) -> Option<MountType> {
    let kind = if name == "propagation" { "bind" } else { name.split_once('-')?.0 };
    Some(MountType::from(kind))
}

#[inline]
fn set(mut mount: Mount, name: &str, value: Option<&str>) -> Result<Mount, String> {
    let text = || value.filter(|v| !v.is_empty()).ok_or_else(|| format!("`{name}` needs a value"));
    let flag = || match value {
        None | Some("true" | "1") => Ok(true),
        Some("false" | "0") => Ok(false),
        Some(_) => Err(format!("`{name}` must be `true` or `false`, or alone")),
    };
    let pair = || text().map(|text| text.split_once('=').unwrap_or((text, "")));
    let bind = || mount.bind_options.clone().unwrap_or_default();
    let volume = || mount.volume_options.clone().unwrap_or_default();
    let tmpfs = || mount.tmpfs_options.clone().unwrap_or_default();
    Ok(match name {
        "type" => {
            let kind = MountType::from(&*text()?.to_ascii_lowercase());
            if matches!(kind, MountType::Other(_)) {
                return Err("the type must be `bind`, `volume`, `tmpfs`, `image`, `npipe` or `cluster`".into());
            }
            mount.kind(kind)
        }
        "source" | "src" => mount.source(text()?),
        "target" | "destination" | "dst" => mount.target(text()?),
        "readonly" | "ro" => mount.read_only(flag()?),
        "consistency" => mount.consistency(text()?),
        "bind-propagation" | "propagation" => {
            let propagation = MountPropagation::from(text()?);
            if matches!(propagation, MountPropagation::Other(_)) {
                return Err(
                    "the propagation must be `private`, `shared` or `slave`, with `r` before it if wanted".into()
                );
            }
            let options = bind().propagation(propagation);
            mount.bind_options(options)
        }
        "bind-nonrecursive" => {
            let options = bind().non_recursive(flag()?);
            mount.bind_options(options)
        }
        "bind-create-mountpoint" => {
            let options = bind().create_mountpoint(flag()?);
            mount.bind_options(options)
        }
        "bind-recursive" => {
            let options = recursive(bind(), text()?)?;
            mount.bind_options(options)
        }
        "volume-nocopy" => {
            let options = volume().no_copy(flag()?);
            mount.volume_options(options)
        }
        "volume-subpath" => {
            let options = volume().subpath(text()?);
            mount.volume_options(options)
        }
        "volume-label" => {
            let (name, value) = pair()?;
            mount.volume_options.get_or_insert_default().labels.insert(name.into(), value.into());
            mount
        }
        "volume-driver" => {
            driver(&mut mount).name = Some(text()?.into());
            mount
        }
        "volume-opt" => {
            let (name, value) = pair()?;
            driver(&mut mount).options.insert(name.into(), value.into());
            mount
        }
        "image-subpath" => {
            let options = ImageOptions::new().subpath(text()?);
            mount.image_options(options)
        }
        "tmpfs-size" => {
            let size: ByteSize = text()?.parse().map_err(|e: Error| String::from(e.message()))?;
            if size.0 < 0 {
                return Err("`tmpfs-size` must not be negative".into());
            }
            let options = tmpfs().size_bytes(size.0);
            mount.tmpfs_options(options)
        }
        "tmpfs-mode" => {
            let text = text()?;
            let mode = i64::from_str_radix(text, 8).ok().filter(|mode| (0..=0o7777).contains(mode));
            let mode = mode.filter(|_| !text.starts_with('+'));
            let options = tmpfs().mode(mode.ok_or("`tmpfs-mode` must be an octal number up to 7777")?);
            mount.tmpfs_options(options)
        }
        _ => return Err(format!("there is no field `{name}`")),
    })
}

#[inline]
fn driver(mount: &mut Mount) -> &mut VolumeDriverConfig {
    mount.volume_options.get_or_insert_with(VolumeOptions::new).driver_config.get_or_insert_default()
}

/// `bind-recursive` stands for three fields.
#[inline]
fn recursive(options: BindOptions, how: &str) -> Result<BindOptions, String> {
    Ok(match how {
        "enabled" => options,
        "disabled" => options.non_recursive(true),
        "writable" => options.read_only_non_recursive(true),
        "readonly" => options.read_only_force_recursive(true),
        _ => return Err("`bind-recursive` must be `enabled`, `disabled`, `writable` or `readonly`".into()),
    })
}

/// What must hold whatever the type, and what depends on it.
#[inline]
fn check(mount: &Mount) -> Result<(), &'static str> {
    let target = mount.target.as_deref().ok_or("needs a target")?;
    if !is_absolute(target) || target == "/" {
        return Err("the target must be an absolute path, and not the root");
    }
    let (kind, source) = (mount.kind.clone().unwrap_or_default(), mount.source.as_deref());
    match (kind, source) {
        (MountType::Tmpfs, Some(_)) => Err("a mount of type tmpfs has no source"),
        (MountType::Bind | MountType::Npipe | MountType::Image | MountType::Cluster, None) => {
            Err("a mount of this type needs a source")
        }
        (MountType::Bind, Some(source)) if !is_absolute(source) => {
            Err("the source must be an absolute path: the engine knows no current directory")
        }
        (MountType::Bind, _) => check_recursion(mount),
        _ => Ok(()),
    }
}

#[inline]
fn check_recursion(mount: &Mount) -> Result<(), &'static str> {
    let options = mount.bind_options.clone().unwrap_or_default();
    let read_only = mount.read_only == Some(true);
    let force = options.read_only_force_recursive == Some(true);
    if (force || options.read_only_non_recursive == Some(true)) && !read_only {
        return Err("`bind-recursive=readonly` and `writable` need `readonly`");
    }
    if force && options.propagation != Some(MountPropagation::RPrivate) {
        return Err("`bind-recursive=readonly` needs `bind-propagation=rprivate`");
    }
    Ok(())
}

/// Checks a mount that was not read from a text: its options must be of its type.
///
/// # Errors
/// Options of another type; a tmpfs with a source.
///
/// ```
/// use docker_proto::model::{BindOptions, Mount};
/// use docker_proto::values::check_mount;
///
/// let mount = Mount::new().kind("tmpfs").target("/run").bind_options(BindOptions::new());
/// assert!(check_mount(&mount).is_err());
/// ```
#[inline]
pub fn check_mount(mount: &Mount) -> Result<()> {
    let kind = mount.kind.clone().unwrap_or_default();
    let parts = vec![
        ("BindOptions", mount.bind_options.is_some(), MountType::Bind),
        ("VolumeOptions", mount.volume_options.is_some(), MountType::Volume),
        ("TmpfsOptions", mount.tmpfs_options.is_some(), MountType::Tmpfs),
        ("ImageOptions", mount.image_options.is_some(), MountType::Image),
    ];
    let target = mount.target.as_deref().unwrap_or_default();
    for (name, set, of) in parts {
        if set && of != kind {
            return Err(refuse(WHAT, target, format!("{name} is not for mounts of type {kind}")));
        }
    }
    if kind == MountType::Tmpfs && mount.source.as_deref().is_some_and(|source| !source.is_empty()) {
        return Err(refuse(WHAT, target, "a mount of type tmpfs has no source"));
    }
    Ok(())
}
