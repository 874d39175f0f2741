//! `handle!` and `snapshot!`: an object of the engine as a value, whose methods are the operations on it.
//!
//! ```text
//! handle! {
//!     /// A network: id, the beginning of one, or name.
//!     Handle from [NetworkCreateResponse] {
//!         inspect => Inspect,
//!         connect(body: impl Into<NetworkConnectRequest>) => Connect,
//!     }
//! }
//!
//! snapshot! {
//!     /// What a network was when it was asked about.
//!     Snapshot: Inspect => NetworkInspect {
//!         /// Its name.
//!         name: String,
//!     }
//! }
//! ```
//! `from` are answers whose `id` names the object. A verb makes the operation from the object's name and the arguments;
//! nothing is sent. A `Snapshot` needs a `From` of what the operation behind the colon answers.

/// How many characters of an id people are shown.
const SHORT: usize = 12;

/// The first twelve characters of an id, without the algorithm before it.
#[inline]
pub(crate) fn short(id: &str) -> &str {
    let digits = id.split_once(':').map_or(id, |(_, digits)| digits);
    digits.char_indices().nth(SHORT).map_or(digits, |(end, _)| &digits[..end])
}

macro_rules! handle {
    (
        $(#[$doc:meta])*
        Handle $(from [$($created:ty),+])? {
            $($verb:ident $(($($arg:ident : $ty:ty),+))? => $op:ty),+ $(,)?
        }
    ) => {
        $(#[$doc])*
        ///
        /// A value with the operations on it as methods; made with [`named`], which asks nothing. Two are equal if their
        /// texts are: a name and the id behind it are not. Wherever an operation takes an id or a name, it takes a
        /// handle.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct Handle(alloc::string::String);

        /// A handle for the object of that id or name, whether there is one or not. Nothing is sent.
        #[inline]
        pub fn named(name: impl Into<alloc::string::String>) -> Handle {
            Handle(name.into())
        }

        impl Handle {
            /// The id or name it was made with.
            #[inline]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            $(
                #[doc = concat!("[`", stringify!($op), "`] of it.")]
                #[must_use]
                #[inline]
                pub fn $verb(&self $($(, $arg: $ty)+)?) -> $op {
                    <$op>::new(&self.0 $($(, $arg)+)?)
                }
            )+
        }

        impl core::fmt::Debug for Handle {
            #[inline]
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_tuple("Handle").field(&self.0).finish()
            }
        }

        impl core::fmt::Display for Handle {
            #[inline]
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for Handle {
            #[inline]
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        $($(
            /// What was made; without an id in the answer, the empty name, which every operation refuses.
            impl From<$created> for Handle {
                #[inline]
                fn from(made: $created) -> Self {
                    Self(made.id.unwrap_or_default())
                }
            }
        )+)?

        impl From<Handle> for alloc::string::String {
            #[inline]
            fn from(handle: Handle) -> Self {
                handle.0
            }
        }

        impl From<&Handle> for alloc::string::String {
            #[inline]
            fn from(handle: &Handle) -> Self {
                handle.0.clone()
            }
        }
    };
}

macro_rules! snapshot {
    (
        $(#[$doc:meta])*
        Snapshot: $inspect:ty => $answer:ty {
            $($(#[$fdoc:meta])* $field:ident : $ty:ty),+ $(,)?
        }
    ) => {
        $(#[$doc])*
        ///
        /// It is as old as the answer it was made from; [`reload`](Self::reload) asks again. The operations of its
        /// [`Handle`] are its own. Two are equal if they are of the same object, whatever they say about it.
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct Snapshot {
            handle: Handle,
            $($(#[$fdoc])* pub $field: $ty,)+
        }

        impl Snapshot {
            /// Its full id.
            #[inline]
            pub fn id(&self) -> &str {
                self.handle.as_str()
            }

            /// The first twelve characters of its id, without the algorithm before it.
            #[inline]
            pub fn short_id(&self) -> &str {
                $crate::op::short(self.id())
            }

            /// Its handle, by id.
            #[inline]
            pub fn handle(&self) -> &Handle {
                &self.handle
            }

            /// The operation that answers with a new snapshot: `web = docker.call(web.reload()).await?`.
            #[must_use]
            #[inline]
            pub fn reload(&self) -> $crate::op::As<$inspect, $crate::op::Json<Self>> {
                self.handle.snapshot()
            }
        }

        impl Handle {
            /// The operation that answers with a [`Snapshot`].
            #[must_use]
            #[inline]
            pub fn snapshot(&self) -> $crate::op::As<$inspect, $crate::op::Json<Snapshot>> {
                $crate::op::Operation::decode_as::<Snapshot>(<$inspect>::new(self))
            }
        }

        impl core::ops::Deref for Snapshot {
            type Target = Handle;

            #[inline]
            fn deref(&self) -> &Handle {
                &self.handle
            }
        }

        impl PartialEq for Snapshot {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.handle == other.handle
            }
        }

        impl Eq for Snapshot {}

        impl core::hash::Hash for Snapshot {
            #[inline]
            fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
                self.handle.hash(state);
            }
        }

        impl From<&Snapshot> for alloc::string::String {
            #[inline]
            fn from(snapshot: &Snapshot) -> Self {
                snapshot.id().into()
            }
        }

        impl<'de> serde::Deserialize<'de> for Snapshot {
            #[inline]
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <$answer as serde::Deserialize>::deserialize(deserializer).map(Self::from)
            }
        }
    };
}
