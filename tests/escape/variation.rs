//! Ways to carry out one attack.

/// Who carries it out, against whom, on which host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variation {
    /// The program itself, against a plain process, here.
    Plain,
    /// A forked child of it.
    Forked,
    /// A child that shares its memory.
    Vforked,
    /// Against a member of another sandbox.
    Beside,
    /// On a host without Landlock.
    Older,
}

impl Variation {
    /// Reads its name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let all = [Self::Forked, Self::Vforked, Self::Beside, Self::Older];
        all.into_iter().find(|variation| variation.name() == name)
    }

    /// Its name in a trial's name; none for the plain one.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Forked => "forked",
            Self::Vforked => "vforked",
            Self::Beside => "beside",
            Self::Older => "older",
        }
    }

    /// What an attack is told of it besides its case.
    pub(crate) fn told(self) -> &'static str {
        match self {
            Self::Forked | Self::Vforked => self.name(),
            Self::Plain | Self::Beside | Self::Older => "own",
        }
    }

    /// Whether it is another attack natively than the plain one.
    pub(crate) fn differs_natively(self) -> bool {
        self != Self::Older
    }
}
