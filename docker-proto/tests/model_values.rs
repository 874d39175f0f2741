//! The values inside the models: versions, gates, filters, times, modes, sets, open enums.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use docker_proto::ErrorKind;
use docker_proto::model::*;
use serde_json::{Value, json};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

fn version(text: &str) -> ApiVersion {
    text.parse().unwrap()
}

#[test]
fn versions_are_numbers() {
    assert!(version("1.9") < version("1.41"));
    assert!(version("1.100") > version("1.99"));
    assert!(version("2.0") > version("1.55"));
    assert_eq!(version("1.41"), ApiVersion::new(1, 41));
    assert_eq!(version("65535.65535").to_string(), "65535.65535");
    assert_eq!(ApiVersion::from((1, 40)).to_string(), "1.40");
    for text in
        ["", "1", "1.", ".1", "1.2.3", "v1.41", "1.41 ", " 1.41", "+1.41", "1.-4", "1,41", "1.65536", "1.4a", "１.41"]
    {
        let error = ApiVersion::parse(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage, "{text:?}");
        assert!(error.message().contains(&format!("{text:?}")), "{error}");
    }
}

#[test]
fn a_gate_names_the_field_its_range_and_the_version() {
    let body = ContainerCreateBody::new().image("x").host_config(HostConfig::new().annotations([("a", "b")]));
    let error = gate::check(&body, "", version("1.42")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Version);
    assert_eq!(error.message(), "field HostConfig.Annotations exists since API 1.43, this call uses 1.42");
    gate::check(&body, "", version("1.43")).unwrap();
    gate::check(&body, "", version("1.55")).unwrap();

    let body = HostConfig::new().kernel_memory_tcp(0);
    let refused = |v: &str| gate::check(&body, "", version(v)).unwrap_err().message().to_string();
    assert_eq!(refused("1.39"), "field KernelMemoryTCP exists from API 1.40 to 1.51, this call uses 1.39");
    assert_eq!(refused("1.52"), "field KernelMemoryTCP exists from API 1.40 to 1.51, this call uses 1.52");
    gate::check(&body, "", version("1.51")).unwrap();

    let body = ContainerCreateBody::new().mac_address("02:42:ac:11:00:02");
    let error = gate::check(&body, "body", version("1.52")).unwrap_err();
    assert_eq!(error.message(), "field body.MacAddress exists until API 1.51, this call uses 1.52");
}

#[test]
fn a_gate_walks_into_lists_and_maps() {
    let endpoints = [("front", EndpointSettings::new()), ("back", EndpointSettings::new().gw_priority(0))];
    let mounts = [Mount::new(), Mount::new().bind_options(BindOptions::new().create_mountpoint(false))];
    let body = ContainerCreateBody::new()
        .host_config(HostConfig::new().mounts(mounts))
        .networking_config(NetworkingConfig::new().endpoints_config(endpoints));
    let mut found = Vec::new();
    let mut report = |path: &str, _: Option<ApiVersion>, _: Option<ApiVersion>| {
        found.push(path.to_string());
        Ok(())
    };
    body.gates(&mut Gate::new("", &mut report)).unwrap();
    assert_eq!(
        found,
        ["HostConfig.Mounts[1].BindOptions.CreateMountpoint", "NetworkingConfig.EndpointsConfig[\"back\"].GwPriority"]
    );
    // What is not set is not reported, whatever the version.
    gate::check(&ContainerCreateBody::new().image("x"), "", version("1.24")).unwrap();
}

#[test]
fn open_enums_are_their_text() {
    assert_eq!(ContainerStatus::from("running"), ContainerStatus::Running);
    assert_eq!(ContainerStatus::Other("running".into()), ContainerStatus::Running);
    assert_eq!(ContainerStatus::from(String::from("stopped")).as_str(), "stopped");
    assert_eq!(ContainerStatus::Exited, "exited");
    assert_eq!(format!("{:>8}", ContainerStatus::Dead), "    dead");
    let row: ContainerSummary = serde_json::from_str(r#"{"State":"stop\u0070ed"}"#).unwrap();
    assert_eq!(row.state.unwrap(), "stopped");
    for blank in ["\"\"", "null"] {
        let row: ContainerSummary = serde_json::from_str(&format!("{{\"State\":{blank}}}")).unwrap();
        assert_eq!(row.state, None);
    }
    // Blank on purpose is sent.
    let policy = RestartPolicy::new().name("");
    assert_eq!(serde_json::to_value(policy).unwrap(), json!({"Name": ""}));
}

#[test]
fn the_greatest_numbers_fit() {
    let text = format!(r#"{{"Path":"/dev/sda","Rate":{}}}"#, u64::MAX);
    let device: ThrottleDevice = serde_json::from_str(&text).unwrap();
    assert_eq!(device, ThrottleDevice::new().path("/dev/sda").rate(u64::MAX));
    assert_eq!(serde_json::to_string(&device).unwrap(), text);
    let summary: ContainerSummary = serde_json::from_str(&format!(r#"{{"SizeRw":{}}}"#, i64::MIN)).unwrap();
    assert_eq!(summary.size_rw, Some(i64::MIN));
}

#[test]
fn null_is_absence_at_every_depth() {
    let text = r#"{"Ports":{"80/tcp":null,"81/tcp":[null,{"HostIp":null,"HostPort":"1"}]},"Networks":{"a":null}}"#;
    let settings: NetworkSettings = serde_json::from_str(text).unwrap();
    assert_eq!(settings.ports["80/tcp"], []);
    assert_eq!(settings.ports["81/tcp"], [PortBinding::new(), PortBinding::new().host_port("1")]);
    assert_eq!(settings.networks["a"], EndpointSettings::new());
    let info: SystemInfo = serde_json::from_str(r#"{"DriverStatus":[null,[null,"x"]],"Labels":null}"#).unwrap();
    assert_eq!(info.driver_status, [vec![], vec![String::new(), "x".into()]]);
    assert!(serde_json::from_str::<SystemInfo>(r#"{"Labels":"text"}"#).is_err());
    assert!(serde_json::from_str::<SystemInfo>("[]").is_err());
    // A name may be escaped; of two values the last one counts.
    let id: IdResponse = serde_json::from_str(r#"{"Id":"a","\u0049d":"b","id":"c"}"#).unwrap();
    assert_eq!(id, IdResponse::new().id("b"));
}

#[test]
fn sets_are_objects_of_empty_objects() {
    let config = ContainerConfig::new().exposed_ports(["80/tcp", "53/udp", "80/tcp"]);
    let sent = json!({"ExposedPorts": {"53/udp": {}, "80/tcp": {}}});
    assert_eq!(serde_json::to_value(&config).unwrap(), sent);
    assert_eq!(serde_json::from_value::<ContainerConfig>(sent).unwrap(), config);
    let null: ContainerConfig = serde_json::from_str(r#"{"Volumes":{"/data":null}}"#).unwrap();
    assert!(null.volumes.contains("/data"));
}

#[test]
fn a_bare_progress_item_is_one() {
    assert_eq!(serde_json::from_str::<Progress>("{}").unwrap(), Progress::new());
    let item: Progress =
        serde_json::from_str(r#"{"id":"moby.buildkit.trace","aux":"CgA=","progressDetail":{},"errorDetail":{}}"#)
            .unwrap();
    assert_eq!(item.aux, Some(Value::from("CgA=")));
    assert_eq!(item.progress_detail, Some(ProgressDetail::new()));
    assert_eq!(item.error_detail, Some(ErrorDetail::new()));
    let all = json!({
        "stream": "s", "status": "s", "id": "i", "progress": "p", "error": "e", "aux": {"ID": "x"}, "from": "f",
        "progressDetail": {"current": 1, "total": 2, "start": 3, "hidecounts": false, "units": "u"},
        "errorDetail": {"code": 401, "message": "m"}, "time": 5, "timeNano": 5_000_000_000_i64,
    });
    assert_eq!(serde_json::to_value(serde_json::from_value::<Progress>(all.clone()).unwrap()).unwrap(), all);
}

#[test]
fn filters_have_two_forms() {
    let filters = Filters::new().add("label", "a=\"b\"").add("label", "c").add("label", "c").not("label", "d");
    let text = r#"{"label":{"a=\"b\"":true,"c":true},"label!":{"d":true}}"#;
    assert_eq!(filters.to_json(), text);
    assert_eq!(serde_json::to_string(&filters).unwrap(), text);
    assert_eq!(Filters::from_json(text).unwrap(), filters);
    assert_eq!(Filters::from_json(r#"{"label":["a=\"b\"","c"],"label!":["d"]}"#).unwrap(), filters);
    assert_eq!(Filters::from_json(r#"{"dangling":{"true":false}}"#).unwrap(), Filters::from([("dangling", true)]));
    assert_eq!(Filters::from([("exited", 0), ("exited", 137)]).get("exited"), ["0", "137"]);
    assert!(Filters::new().is_empty() && Filters::new().to_json() == "{}");
    assert_eq!(Filters::from_json(r#"{"label":["#).unwrap_err().kind(), ErrorKind::Usage);
    assert_eq!(Filters::from_json(r#"{"label":"x"}"#).unwrap_err().kind(), ErrorKind::Usage);
}

#[test]
fn times_are_read_in_both_forms() {
    let known = [
        ("0", "0"),
        ("1704164645", "1704164645"),
        ("1704164645.5", "1704164645.500000000"),
        ("1704164645.000000001", "1704164645.000000001"),
        ("1704164645.1234567899", "1704164645.123456789"),
        ("-1.25", "-1.250000000"),
        ("1970-01-01T00:00:00Z", "0"),
        ("2024-01-02T03:04:05.123456789Z", "1704164645.123456789"),
        ("2024-01-02T03:04:05.1+05:30", "1704144845.100000000"),
        ("2024-01-02t03:04:05-00:30", "1704166445"),
        ("2024-02-29T23:59:60Z", "1709251200"),
        ("2000-02-29T00:00:00Z", "951782400"),
        ("1969-12-31T23:59:59.75Z", "-1.750000000"),
        ("0001-01-01T00:00:00Z", "-62135596800"),
        ("9999-12-31T23:59:59Z", "253402300799"),
    ];
    for (text, written) in known {
        let time = Timestamp::parse(text).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(time.to_string(), written, "{text}");
        assert_eq!(Timestamp::parse(written).unwrap(), time, "{text}");
        assert_eq!(serde_json::from_value::<Timestamp>(json!(text)).unwrap(), time);
        assert_eq!(serde_json::to_value(time).unwrap(), json!(written));
    }
    let wrong = [
        "",
        "-",
        ".5",
        "5.",
        "1.x",
        "10m",
        "now",
        "--1",
        "+1",
        "1 ",
        "99999999999999999999",
        "2024-01-02",
        "2024-01-02T03:04:05",
        "2024-01-02T03:04:05.Z",
        "2024-01-02T03:04Z",
        "2023-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-00-01T00:00:00Z",
        "2024-04-31T00:00:00Z",
        "2024-01-02T24:00:00Z",
        "2024-01-02T03:60:00Z",
        "2024-01-02T03:04:05Zx",
        "2024-01-02T03:04:05+0100",
        "2024-01-02T03:04:05+24:00",
    ];
    for text in wrong {
        assert_eq!(Timestamp::parse(text).map_err(|e| e.kind()), Err(ErrorKind::Usage), "{text:?}");
    }
}

#[test]
fn times_come_from_numbers_and_clocks() {
    assert_eq!(Timestamp::from(5_i64), Timestamp::new(5, 0));
    assert_eq!(Timestamp::from(u64::MAX), Timestamp::new(i64::MAX, 0));
    assert_eq!(Timestamp::from(Duration::new(3, 7)), Timestamp::new(3, 7));
    assert_eq!(Timestamp::new(1, u32::MAX), Timestamp::new(5, 294_967_295));
    assert_eq!(Timestamp::new(i64::MAX, u32::MAX).seconds, i64::MAX);
    let at = |time: SystemTime| Timestamp::from(time).to_string();
    assert_eq!(at(UNIX_EPOCH + Duration::new(9, 1)), "9.000000001");
    assert_eq!(at(UNIX_EPOCH - Duration::from_secs(9)), "-9");
    assert_eq!(at(UNIX_EPOCH - Duration::from_millis(250)), "-1.750000000");
}

#[test]
fn path_descriptions_are_base64_of_json() {
    let json = r#"{"name":"~?>","size":4096,"mode":2147484141,"mtime":"2024-01-02T03:04:05Z","linkTarget":""}"#;
    let expected = PathStat::new().name("~?>").size(4096).mode(FileMode(0x8000_01ed)).mtime("2024-01-02T03:04:05Z");
    for value in
        [STANDARD.encode(json), STANDARD_NO_PAD.encode(json), URL_SAFE.encode(json), URL_SAFE_NO_PAD.encode(json)]
    {
        assert_eq!(PathStat::from_header(value.as_bytes()).unwrap(), expected, "{value}");
    }
    assert_eq!(serde_json::to_string(&expected).unwrap(), json);
    let nulls = r#"{"name":null,"size":null,"mode":null,"linkTarget":null,"more":1}"#;
    assert_eq!(PathStat::from_header(STANDARD.encode(nulls).as_bytes()).unwrap(), PathStat::new());
    let wrong: [&[u8]; 4] = [b"", b"!", b"bm90IEpTT04=", b"\xff\xff"];
    for value in wrong {
        let error = PathStat::from_header(value).unwrap_err();
        assert_eq!((error.kind(), error.raw().unwrap().as_ref()), (ErrorKind::Decode, value));
    }
}

#[test]
fn modes_are_those_of_go() {
    let known = [
        (0x8000_01ed, "drwxr-xr-x", 0o040_755),
        (0o644, "-rw-r--r--", 0o100_644),
        (1 << 27 | 0o777, "lrwxrwxrwx", 0o120_777),
        (1 << 26 | 0o660, "brw-rw----", 0o060_660),
        (1 << 26 | 1 << 21 | 0o666, "crw-rw-rw-", 0o020_666),
        (1 << 25 | 0o600, "prw-------", 0o010_600),
        (1 << 24 | 0o755, "srwxr-xr-x", 0o140_755),
        (1 << 23 | 0o755, "-rwsr-xr-x", 0o104_755),
        (1 << 23 | 0o644, "-rwSr--r--", 0o104_644),
        (1 << 22 | 0o755, "-rwxr-sr-x", 0o102_755),
        (1 << 31 | 1 << 20 | 0o777, "drwxrwxrwt", 0o041_777),
        (1 << 31 | 1 << 20 | 0o770, "drwxrwx--T", 0o041_770),
        (1 << 19, "?---------", 0),
    ];
    for (bits, text, unix) in known {
        let mode = FileMode(bits);
        assert_eq!((mode.to_string().as_str(), mode.to_unix()), (text, unix));
        assert_eq!(mode.is_dir(), text.starts_with('d'));
        assert_eq!(mode.is_symlink(), text.starts_with('l'));
        assert_eq!(mode.is_file(), text.starts_with('-'));
        assert_eq!(mode.permissions(), unix & 0o777);
        assert_eq!(serde_json::to_value(mode).unwrap(), json!(bits));
    }
}
