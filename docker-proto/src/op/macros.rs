//! `operation!`: struct, setters, row of the table and encoding, from one block.
//!
//! ```text
//! operation! {
//!     /// Reads a container's output.
//!     containers::Logs = "ContainerLogs", Get "/containers/{id}/logs" => OutputStream {
//!         path { /** The container. */ id: Container }
//!         required { path: String }              // query parameters without which the engine refuses
//!         query { follow: bool, until: Timestamp since 35, names: [String], as_name = "wire-name": String until 41 }
//!         header { auth = "X-Registry-Auth": RegistryAuth or "e30=" }
//!         fixed { "fromSrc" = "-" }
//!         body T; | maybe_body T; | sent_body T { field: value }; | upload "application/x-tar"
//!         upgrade "tcp"  framed Container | framed_by_body Exec  patience Slow  status [201]  unchanged [304]
//!         since 35  until 47  unversioned yes  undocumented yes | described 26  pick Given("fromSrc")
//!     }
//! }
//! ```
//! Sections come in this order; each may be left out. `since 35` means API 1.35. `[T]` is a repeated key; what stands after
//! `or` is sent when nothing is set. A `body` is an argument of `new`, a `maybe_body` is sent if it was set, a `sent_body`
//! is sent always, with those fields fixed. `status` are the successes that engines really send, 200 if left out;
//! `undocumented` is what no published description has, `described` since when one has it, if engines had it before.

/// The type a parameter is stored as.
macro_rules! param_store {
    ([$t:tt]) => { alloc::vec::Vec<$t> };
    ($t:tt) => { Option<$t> };
}

/// A setter for a parameter: numbers and booleans by value, text by `Into<String>`, lists by `IntoIterator`.
macro_rules! param_setter {
    ($(#[$doc:meta])* $name:ident [$t:ident]) => {
        $(#[$doc])*
        #[must_use]
        #[inline]
        pub fn $name(mut self, values: impl IntoIterator<Item = impl Into<$t>>) -> Self {
            self.$name.extend(values.into_iter().map(Into::into));
            self
        }
    };
    ($(#[$doc:meta])* $name:ident bool) => { param_setter!(@value $(#[$doc])* $name bool); };
    ($(#[$doc:meta])* $name:ident i64) => { param_setter!(@value $(#[$doc])* $name i64); };
    ($(#[$doc:meta])* $name:ident u64) => { param_setter!(@value $(#[$doc])* $name u64); };
    ($(#[$doc:meta])* $name:ident u32) => { param_setter!(@value $(#[$doc])* $name u32); };
    ($(#[$doc:meta])* $name:ident $t:ident) => {
        $(#[$doc])*
        #[must_use]
        #[inline]
        pub fn $name(mut self, value: impl Into<$t>) -> Self {
            self.$name = Some(value.into());
            self
        }
    };
    (@value $(#[$doc:meta])* $name:ident $t:ident) => {
        $(#[$doc])*
        #[must_use]
        #[inline]
        pub fn $name(mut self, value: $t) -> Self {
            self.$name = Some(value);
            self
        }
    };
}

/// How `new` takes a required parameter: integers by value, so that a literal will do.
macro_rules! required_type {
    (u64) => { u64 };
    (u32) => { u32 };
    (i64) => { i64 };
    ($t:ident) => { impl Into<$t> };
}

/// The API versions that have an operation, for its documentation.
macro_rules! versions_doc {
    ([] []) => {
        "API 1.24 and later"
    };
    ([$since:literal] []) => {
        concat!("API 1.", $since, " and later")
    };
    ([] [$until:literal]) => {
        concat!("API 1.24 to 1.", $until)
    };
    ([$since:literal] [$until:literal]) => {
        concat!("API 1.", $since, " to 1.", $until)
    };
}

macro_rules! wire_name {
    ($name:ident) => {
        stringify!($name)
    };
    ($name:ident $wire:literal) => {
        $wire
    };
}

/// A doc comment as text: its lines, each with the space that begins it.
macro_rules! text {
    ($($line:literal)*) => { concat!($($line, "\n"),*) };
}

macro_rules! api {
    () => {
        None
    };
    ($minor:literal) => {
        Some($crate::model::ApiVersion::new(1, $minor))
    };
}

macro_rules! or {
    (() $default:expr) => {
        $default
    };
    (($value:expr) $default:expr) => {
        $value
    };
}

macro_rules! pick {
    ($pick:ident) => { $crate::op::Pick::$pick };
    ($pick:ident $($value:literal),+) => { $crate::op::Pick::$pick($($value),+) };
}

macro_rules! when {
    ($t:ty => $value:expr) => {
        $value
    };
}

/// The verbs an operation takes, by whether it has an upload.
macro_rules! verbs {
    ($name:ident) => {
        impl $crate::op::Plain for $name {}
    };
    ($name:ident $upload:literal) => {
        impl $crate::op::Uploads for $name {}
    };
}

macro_rules! operation {
    (
        $(#[doc = $doc:literal])*
        $module:ident :: $name:ident = $id:literal, $method:ident $path:literal => $reply:ident $(<$item:ty>)? {
            $(path { $($(#[doc = $pd:literal])* $p:ident $(= $pn:literal)? : $pk:ident),+ $(,)? })?
            $(required { $($(#[doc = $rd:literal])* $r:ident $(= $rn:literal)? : $rt:tt),+ $(,)? })?
            $(query { $($(#[doc = $qd:literal])* $q:ident $(= $qn:literal)? : $qt:tt $(since $qs:literal)? $(until $qu:literal)?),+ $(,)? })?
            $(header { $($(#[doc = $hd:literal])* $h:ident = $hn:literal : $ht:tt $(or $hor:literal)? $(since $hs:literal)? $(until $hu:literal)?),+ $(,)? })?
            $(fixed { $($fname:literal = $fval:literal),+ $(,)? })?
            $(body $bt:ty ;)?
            $(maybe_body $bot:ty ;)?
            $(sent_body $bst:ty $({ $($bsf:ident : $bsv:expr),+ })? ;)?
            $(upload $upload:literal)?
            $(upgrade $upgrade:literal)?
            $(framed $framed:ident)?
            $(framed_by_body $by_body:ident)?
            $(patience $patience:ident)?
            $(status [$($status:literal),+])?
            $(unchanged [$($unchanged:literal),+])?
            $(since $since:literal)?
            $(until $until:literal)?
            $(unversioned $unversioned:ident)?
            $(undocumented $undocumented:ident)?
            $(described $described:literal)?
            $(pick $pick:ident ($($pv:literal),*))?
        }
    ) => {
        $(#[doc = $doc])*
        ///
        #[doc = concat!("`", stringify!($method), " ", $path, "`, operation `", $id, "`, ", versions_doc!([$($since)?] [$($until)?]), ".")]
        #[derive(Debug, Clone, PartialEq, Default)]
        #[non_exhaustive]
        pub struct $name {
            $($($(#[doc = $pd])* pub $p: alloc::string::String,)+)?
            $($($(#[doc = $rd])* pub $r: $rt,)+)?
            $($($(#[doc = $qd])* pub $q: param_store!($qt),)+)?
            $($($(#[doc = $hd])* pub $h: param_store!($ht),)+)?
            $(
                /// The body.
                pub body: $bt,
            )?
            $(
                /// The body.
                pub body: Option<$bot>,
            )?
            $(
                /// The body.
                pub body: $bst,
            )?
            $(
                #[doc = concat!("Whether the output comes from a terminal (of the ", stringify!($framed), "), if the caller knows.")]
                pub tty: Option<bool>,
            )?
        }

        impl $name {
            /// The operation's row in the table.
            pub const SPEC: &'static $crate::op::OpSpec = &$crate::op::OpSpec {
                id: $id,
                doc: text!($($doc)*),
                documented: or!(
                    ($(when!($undocumented => None))? $(api!($described))?)
                    or!(($(api!($since))?) Some($crate::model::ApiVersion::OLDEST))
                ),
                name: concat!(stringify!($module), "::", stringify!($name)),
                method: $crate::wire::Method::$method,
                path: $path,
                since: api!($($since)?),
                until: api!($($until)?),
                params: &[
                    $($($crate::op::ParamSpec {
                        name: wire_name!($p $($pn)?),
                        doc: text!($($pd)*),
                        place: $crate::op::Place::Path($crate::op::PathKind::$pk),
                        ty: $crate::op::ParamType::Text,
                        required: true, many: false, fixed: None, default: None, since: None, until: None,
                    },)+)?
                    $($($crate::op::ParamSpec {
                        name: wire_name!($r $($rn)?),
                        doc: text!($($rd)*),
                        place: $crate::op::Place::Query,
                        ty: <$rt as $crate::op::Param>::TYPE,
                        required: true, many: false, fixed: None, default: None, since: None, until: None,
                    },)+)?
                    $($($crate::op::ParamSpec {
                        name: wire_name!($q $($qn)?),
                        doc: text!($($qd)*),
                        place: $crate::op::Place::Query,
                        ty: <param_store!($qt) as $crate::op::QueryParam>::TYPE,
                        required: false,
                        many: <param_store!($qt) as $crate::op::QueryParam>::MANY,
                        fixed: None, default: None, since: api!($($qs)?), until: api!($($qu)?),
                    },)+)?
                    $($($crate::op::ParamSpec {
                        name: $hn,
                        doc: text!($($hd)*),
                        place: $crate::op::Place::Header,
                        ty: <param_store!($ht) as $crate::op::QueryParam>::TYPE,
                        required: false,
                        many: <param_store!($ht) as $crate::op::QueryParam>::MANY,
                        fixed: None, default: or!(($(Some($hor))?) None), since: api!($($hs)?), until: api!($($hu)?),
                    },)+)?
                    $($($crate::op::ParamSpec {
                        name: $fname,
                        doc: "",
                        place: $crate::op::Place::Query,
                        ty: $crate::op::ParamType::Text,
                        required: false, many: false, fixed: Some($fval), default: None, since: None, until: None,
                    },)+)?
                ],
                body: or!(
                    ($(when!($bt => $crate::op::BodySpec::Json { required: true }))?
                     $(when!($bot => $crate::op::BodySpec::Json { required: false }))?
                     $(when!($bst => $crate::op::BodySpec::Json { required: false }))?
                     $($crate::op::BodySpec::Upload($upload))?)
                    $crate::op::BodySpec::None
                ),
                check_body: or!(
                    ($(Some(|text, writer| writer.check_json::<$bt>(text)))?
                     $(Some(|text, writer| writer.check_json::<$bot>(text)))?
                     $(Some(|text, writer| writer.check_json::<$bst>(text)))?)
                    None
                ),
                body_shape: or!(
                    ($(Some(<$bt as $crate::model::Described>::SHAPE))?
                     $(Some(<$bot as $crate::model::Described>::SHAPE))?
                     $(Some(<$bst as $crate::model::Described>::SHAPE))?)
                    None
                ),
                kind: <$reply $(<$item>)? as $crate::op::Reply>::KIND,
                reply_shape: or!(($(Some(<$item as $crate::model::Described>::SHAPE))?) None),
                success: or!(($(&[$($status),+])?) &[200]),
                unchanged: &[$($($unchanged),+)?],
                upgrade: or!(($(Some($upgrade))?) None),
                framed: or!(($(Some($crate::op::Framed::$framed))? $(Some($crate::op::Framed::$by_body))?) None),
                versioned: or!(($(when!($unversioned => false))?) true),
                patience: or!(($($crate::op::Patience::$patience)?) $crate::op::Patience::Quick),
                pick: or!(($(pick!($pick $($pv),*))?) $crate::op::Pick::Default),
            };

            #[doc = concat!("A `", $id, "` with everything optional left out.")]
            #[allow(clippy::new_without_default)]
            #[inline]
            pub fn new(
                $($($p: impl Into<alloc::string::String>,)+)?
                $($($r: required_type!($rt),)+)?
                $(body: impl Into<$bt>,)?
            ) -> Self {
                Self {
                    $($($p: $p.into(),)+)?
                    $($($r: $r.into(),)+)?
                    $(body: { let body: $bt = body.into(); body },)?
                    ..Self::default()
                }
            }

            $($(param_setter!($(#[doc = $qd])* $q $qt);)+)?
            $($(param_setter!($(#[doc = $hd])* $h $ht);)+)?
            $(
                /// Sets the body.
                #[must_use]
                #[inline]
                pub fn body(mut self, body: impl Into<$bot>) -> Self {
                    self.body = Some(body.into());
                    self
                }
            )?
            $(
                /// Sets the body.
                #[must_use]
                #[inline]
                pub fn body(mut self, body: impl Into<$bst>) -> Self {
                    self.body = body.into();
                    self
                }
            )?
            $(
                #[doc = concat!("Says whether the output comes from a terminal (of the ", stringify!($framed), "): saves asking where the engine does not say.")]
                #[must_use]
                #[inline]
                pub fn tty(mut self, tty: bool) -> Self {
                    self.tty = Some(tty);
                    self
                }
            )?
        }

        impl $crate::op::Encode for $name {
            #[inline]
            fn spec(&self) -> &'static $crate::op::OpSpec {
                Self::SPEC
            }

            #[inline]
            fn encode(&self, writer: &mut $crate::op::RequestWriter<'_>) -> $crate::Result<()> {
                $($(writer.path(wire_name!($p $($pn)?), &self.$p)?;)+)?
                $($(writer.required(wire_name!($r $($rn)?), &self.$r)?;)+)?
                $($(writer.text($fname, $fval)?;)+)?
                $($(writer.set(wire_name!($q $($qn)?), &self.$q)?;)+)?
                $($(writer.set_or($hn, &self.$h, or!(($(Some($hor))?) None))?;)+)?
                $({ let body: &$bt = &self.body; writer.json(body)?; })?
                $(if let Some(body) = &self.body { let body: &$bot = body; writer.json(body)?; })?
                $({
                    #[allow(unused_mut)]
                    let mut body: $bst = self.body.clone();
                    $($(body.$bsf = $bsv;)+)?
                    writer.json(&body)?;
                })?
                let _ = writer;
                Ok(())
            }

            operation!(@target [$($($p)+)?] $($($r $rt)+)?);
            $(operation!(@tty $framed);)?
            $(operation!(@body_tty $by_body);)?
            $(operation!(@grace $patience);)?
        }

        impl $crate::op::Operation for $name {
            type Reply = $reply $(<$item>)?;
        }

        verbs!($name $($upload)?);
    };
    // What has no object in its path is about the first thing it needs: the image to pull.
    (@target [] $first:ident String $($required:tt)*) => { operation!(@target [$first]); };
    (@target [] $first:ident Url $($required:tt)*) => { operation!(@target [$first]); };
    (@target [] $($required:tt)*) => {};
    (@target [$first:ident $($path:ident)*] $($required:tt)*) => {
        #[inline]
        fn target(&self) -> &str {
            self.$first.as_ref()
        }
    };
    // The request says itself how its output comes.
    (@body_tty $framed:ident) => {
        #[inline]
        fn tty(&self) -> Option<bool> {
            Some(self.body.tty.unwrap_or(false))
        }
    };
    // The engine waits as long as `t` says.
    (@grace Grace) => {
        #[inline]
        fn grace(&self) -> Option<core::time::Duration> {
            self.t.and_then($crate::op::Seconds::duration)
        }
    };
    (@grace Slow) => {};
    (@tty $framed:ident) => {
        #[inline]
        fn tty(&self) -> Option<bool> {
            self.tty
        }
    };
}
