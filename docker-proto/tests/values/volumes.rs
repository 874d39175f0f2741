//! Binds, mounts, file systems in memory, volumes of others: docker-py's `ConvertVolumeBindsTest`, `MountTest` and its
//! volumes of `run`.

use crate::kit::{bad, good};
use docker_proto::model::{Mount, MountType};
use docker_proto::values::{Bind, Tmpfs, VolumesFrom, check_mount};

#[test]
fn dictionary_forms() {
    for (bind, text) in [
        (Bind::new("/mnt/vol1", "/data").option("ro"), "/mnt/vol1:/data:ro"),
        (Bind::from(("/mnt/vol1", "/data")), "/mnt/vol1:/data:rw"),
        (Bind::new("/mnt/vol1", "/data").read_only(false), "/mnt/vol1:/data:rw"),
        (Bind::new("/mnt/vol1", "/data").read_only(true), "/mnt/vol1:/data:ro"),
        (Bind::new("/mnt/지연", "/unicode/박").read_only(false), "/mnt/지연:/unicode/박:rw"),
        (Bind::new("/mnt/vol1", "/data").read_only(false).propagation("rslave"), "/mnt/vol1:/data:rw,rslave"),
        (Bind::anonymous("/data"), "/data"),
    ] {
        good(text, bind.check());
        assert_eq!(bind.to_string(), text);
        assert_eq!(good(text, text.parse::<Bind>()), bind);
    }
    // docker-py refuses `ro` beside `mode`, and leaves a propagation it does not know out.
    let both = Bind::new("/a", "/b").read_only(true).option("rw");
    bad("both", "exclude each other", both.check());
    // An option of another engine goes through unchecked.
    assert_eq!(Bind::new("/a", "/b").option("U").to_string(), "/a:/b:U");
}

#[test]
fn short_form() {
    for (text, source, target, options) in [
        ("/a:/a:ro", Some("/a"), "/a", &["ro"][..]),
        ("/b:/c:z", Some("/b"), "/c", &["z"]),
        ("/foo/bar:/baz:rw", Some("/foo/bar"), "/baz", &["rw"]),
        ("/foo/bar:/baz", Some("/foo/bar"), "/baz", &[]),
        ("foobar:/baz", Some("foobar"), "/baz", &[]),
        ("C:/foo/bar:/baz", Some("C:/foo/bar"), "/baz", &[]),
        (r"C:\windows\path:D:\hello\world:rw", Some(r"C:\windows\path"), r"D:\hello\world", &["rw"]),
        // A lone letter names a drive, never a volume: those have two characters at least.
        ("x:/b", None, "x:/b", &[]),
        (r"D:\hello\world", None, r"D:\hello\world", &[]),
        ("volumename:/mnt/vol3", Some("volumename"), "/mnt/vol3", &[]),
        ("/volumewithnohostpath", None, "/volumewithnohostpath", &[]),
        (
            r"\\.\pipe\docker_engine:\\.\pipe\docker_engine",
            Some(r"\\.\pipe\docker_engine"),
            r"\\.\pipe\docker_engine",
            &[],
        ),
        ("v1:/data:nocopy,ro", Some("v1"), "/data", &["nocopy", "ro"]),
        ("/a:/b:ro,Z,rshared,cached", Some("/a"), "/b", &["ro", "Z", "rshared", "cached"]),
        // T-35: names that end with letters of `:ro` and `:rw`.
        ("micro:/pro", Some("micro"), "/pro", &[]),
        ("arrow:/raw:ro", Some("arrow"), "/raw", &["ro"]),
        ("error:/o/r/w:rw", Some("error"), "/o/r/w", &["rw"]),
    ] {
        let bind = good(text, text.parse::<Bind>());
        assert_eq!((bind.source(), bind.target()), (source, target), "{text:?}");
        assert_eq!(bind.options(), options, "{text:?}");
        assert_eq!(bind.to_string(), text);
    }
}

#[test]
fn what_engines_refuse_is_refused() {
    for (text, rule) in [
        ("", "absolute path"),
        ("foo/bar", "target must be an absolute path"),
        ("foo:bar:baz:rw", "must be `[source:]target[:options]`"),
        ("/anothervolumewithnohostpath:ro", "target must be"),
        ("a:b", "target must be"),
        ("/a:/", "the root"),
        ("/", "the root"),
        ("./a:/b", "name of a volume"),
        ("~/a:/b", "name of a volume"),
        (":/b", "name of a volume"),
        ("/a::ro", "target must be"),
        ("/a:/b:", "options must be"),
        ("/a:/b:ro,", "options must be"),
        ("/a:/b:RO", "options must be"),
        ("/a:/b:ro,rw", "exclude each other"),
        ("/a:/b:z,Z", "exclude each other"),
        ("/a:/b:shared,slave", "exclude each other"),
        ("vol:/b:shared", "paths of the host"),
        ("/a:/b:nocopy", "for volumes"),
        ("/a:/b:/c", "options must be"),
    ] {
        bad(text, rule, text.parse::<Bind>());
    }
}

/// docker-py's `Mount.parse_mount_string`, which reads the short form.
#[test]
fn the_short_form_as_a_mount() {
    for (text, kind, source, target, read_only) in [
        ("/foo/bar:/baz:ro", MountType::Bind, Some("/foo/bar"), "/baz", true),
        ("/foo/bar:/baz:rw", MountType::Bind, Some("/foo/bar"), "/baz", false),
        ("/foo/bar:/baz", MountType::Bind, Some("/foo/bar"), "/baz", false),
        ("foobar:/baz", MountType::Volume, Some("foobar"), "/baz", false),
        ("C:/foo/bar:/baz", MountType::Bind, Some("C:/foo/bar"), "/baz", false),
        ("/foo/bar", MountType::Volume, None, "/foo/bar", false),
        // `ContainerSpecTest.test_parse_mounts`
        ("/local:/container", MountType::Bind, Some("/local"), "/container", false),
        ("/local2:/container2:ro", MountType::Bind, Some("/local2"), "/container2", true),
    ] {
        let mount = good(text, good(text, text.parse::<Bind>()).to_mount());
        assert_eq!(mount.kind, Some(kind), "{text:?}");
        assert_eq!((mount.source.as_deref(), mount.target.as_deref()), (source, Some(target)));
        assert_eq!(mount.read_only, Some(read_only), "{text:?}");
    }
    let json = |text: &str| serde_json::to_value(good(text, good(text, text.parse::<Bind>()).to_mount())).unwrap();
    assert_eq!(json("/a:/b:rslave")["BindOptions"]["Propagation"], "rslave");
    assert_eq!(json("vol:/b:nocopy")["VolumeOptions"]["NoCopy"], true);
    assert_eq!(json("/a:/b:cached")["Consistency"], "cached");
    bad("z", "no structured form", good("", "/a:/b:z".parse::<Bind>()).to_mount());
}

#[test]
fn long_form() {
    for (text, json) in [
        // docker-py's `TestServiceMounts`; the first with a type, since a volume is no path.
        ("source=foo,target=/abc/xyz", r#"{"Source":"foo","Target":"/abc/xyz","Type":"volume"}"#),
        (
            "type=bind,src=/foo/bar,dst=/abc/xyz,readonly,propagation=slave",
            r#"{"Source":"/foo/bar","Target":"/abc/xyz","Type":"bind","ReadOnly":true,"BindOptions":{"Propagation":"slave"}}"#,
        ),
        (
            "src=foo,dst=/abc/xyz,ro,volume-label=color1=red,volume-label='color2=blue'",
            r#"{"Source":"foo","Target":"/abc/xyz","Type":"volume","ReadOnly":true,"VolumeOptions":{"Labels":{"color1":"red","color2":"blue"}}}"#,
        ),
        // The docker command line's.
        ("dst=/a,readonly=false", r#"{"Target":"/a","Type":"volume","ReadOnly":false}"#),
        ("TYPE", ""),
        (
            "type=volume,target=/a,volume-nocopy,volume-driver=nfs,\"volume-opt=o=addr=1,rw\",volume-opt=x,volume-subpath=s",
            r#"{"Target":"/a","Type":"volume","VolumeOptions":{"NoCopy":true,"Subpath":"s","DriverConfig":{"Name":"nfs","Options":{"o":"addr=1,rw","x":""}}}}"#,
        ),
        (
            "type=tmpfs,destination=/t,tmpfs-size=64m,tmpfs-mode=1770",
            r#"{"Target":"/t","Type":"tmpfs","TmpfsOptions":{"SizeBytes":67108864,"Mode":1016}}"#,
        ),
        (
            "type=image,src=alpine,dst=/i,image-subpath=etc",
            r#"{"Source":"alpine","Target":"/i","Type":"image","ImageOptions":{"Subpath":"etc"}}"#,
        ),
        (
            "type=npipe,src=\\\\.\\pipe\\a,dst=\\\\.\\pipe\\b",
            r#"{"Source":"\\\\.\\pipe\\a","Target":"\\\\.\\pipe\\b","Type":"npipe"}"#,
        ),
        (
            "type=bind,src=/a,dst=/b,bind-nonrecursive=1,bind-create-mountpoint,consistency=cached",
            r#"{"Source":"/a","Target":"/b","Type":"bind","Consistency":"cached","BindOptions":{"NonRecursive":true,"CreateMountpoint":true}}"#,
        ),
        (
            "type=bind,src=/a,dst=/b,ro,bind-recursive=readonly,bind-propagation=rprivate",
            r#"{"Source":"/a","Target":"/b","Type":"bind","ReadOnly":true,"BindOptions":{"ReadOnlyForceRecursive":true,"Propagation":"rprivate"}}"#,
        ),
        (
            "type=bind,src=/a,dst=/b,bind-recursive=disabled",
            r#"{"Source":"/a","Target":"/b","Type":"bind","BindOptions":{"NonRecursive":true}}"#,
        ),
    ] {
        if json.is_empty() {
            bad(text, "there is no field", text.parse::<Mount>());
            continue;
        }
        let mount = good(text, text.parse::<Mount>());
        assert_eq!(mount, serde_json::from_str(json).unwrap(), "{text:?}");
        good(text, check_mount(&mount));
    }
}

#[test]
fn long_forms_that_do_not_fit_are_refused() {
    for (text, rule) in [
        ("type=bind,foo=bar=buz", "there is no field `foo`"),
        ("type=bind,src=/foo/bar", "needs a target"),
        ("", "there is no field"),
        ("type=bind,dst=/a", "needs a source"),
        ("type=bind,src=a,dst=/a", "source must be an absolute path"),
        ("type=bind,src=/a,dst=a", "target must be an absolute path"),
        ("type=tmpfs,src=/a,dst=/a", "has no source"),
        ("type=image,dst=/a", "needs a source"),
        ("type=bogus,dst=/a", "the type must be"),
        ("type=,dst=/a", "`type` needs a value"),
        ("dst=", "`dst` needs a value"),
        ("dst=/a,readonly=maybe", "`readonly` must be"),
        ("dst=/a,tmpfs-size=1", "not for mounts of type volume"),
        ("type=bind,src=/a,dst=/a,volume-nocopy", "not for mounts of type bind"),
        ("type=bind,src=/a,dst=/a,volume-label=a", "not for mounts of type bind"),
        ("type=volume,dst=/a,bind-propagation=slave", "not for mounts of type volume"),
        ("type=volume,dst=/a,propagation=slave", "not for mounts of type volume"),
        ("type=tmpfs,dst=/a,volume-driver=x", "not for mounts of type tmpfs"),
        ("type=tmpfs,dst=/a,image-subpath=x", "not for mounts of type tmpfs"),
        ("type=tmpfs,dst=/a,tmpfs-mode=9", "octal"),
        ("type=tmpfs,dst=/a,tmpfs-size=1.5m", "byte size"),
        ("type=tmpfs,dst=/a,tmpfs-size=-1", "negative"),
        ("type=bind,src=/a,dst=/b,bind-propagation=up", "propagation must be"),
        ("type=bind,src=/a,dst=/b,bind-recursive=readonly", "need `readonly`"),
        ("type=bind,src=/a,dst=/b,ro,bind-recursive=readonly", "rprivate"),
        ("type=bind,src=/a,dst=/b,bind-recursive=x", "`bind-recursive` must be"),
        ("dst=\"/a", "quote"),
        ("dst=/", "root"),
    ] {
        bad(text, rule, text.parse::<Mount>());
    }
    // docker-py's `Mount(...)` with options of another type.
    for json in [
        r#"{"Type":"bind","VolumeOptions":{"NoCopy":true}}"#,
        r#"{"Type":"bind","TmpfsOptions":{"SizeBytes":1}}"#,
        r#"{"Type":"volume","BindOptions":{"Propagation":"slave"}}"#,
        r#"{"Type":"tmpfs","VolumeOptions":{"Labels":{"a":"b"}}}"#,
        r#"{"Type":"tmpfs","BindOptions":{"Propagation":"slave"}}"#,
    ] {
        bad(json, "is not for mounts of type", check_mount(&serde_json::from_str(json).unwrap()));
    }
    let sourced = Mount::new().kind("tmpfs").source("/a").target("/b");
    bad("source", "has no source", check_mount(&sourced));
    good("no source", check_mount(&sourced.source("")));
}

#[test]
fn tmpfs_and_volumes_from() {
    for (text, path, options) in [
        ("/tmp", "/tmp", ""),
        ("/mnt:rw,size=3G", "/mnt", "rw,size=3G"),
        ("/run:", "/run", ""),
        ("/a:b:c", "/a", "b:c"),
    ] {
        let tmpfs = good(text, text.parse::<Tmpfs>());
        assert_eq!(tmpfs, Tmpfs::from((path, options)), "{text:?}");
    }
    for text in ["", "tmp", "/", ":rw"] {
        bad(text, "absolute", text.parse::<Tmpfs>());
    }
    let list = good("list", VolumesFrom::list("container_1,c2:ro,c3:rw,z"));
    bad("a list has no mode with a comma", "mode", VolumesFrom::list("c3:rx"));
    let texts: Vec<_> = list.iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["container_1", "c2:ro", "c3:rw", "z"]);
    assert_eq!(good("", "/c:rw,z".parse::<VolumesFrom>()).mode.as_deref(), Some("rw,z"));
    for (text, rule) in [
        ("", "needs the id"),
        (":ro", "needs the id"),
        ("a b", "needs the id"),
        ("a:", "mode"),
        ("a:ro,rw", "mode"),
        ("a:z,Z", "mode"),
        ("a:ro:x", "mode"),
    ] {
        bad(text, rule, text.parse::<VolumesFrom>());
    }
}
