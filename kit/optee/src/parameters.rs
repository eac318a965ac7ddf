//! Parameters from the kernel's form to the API's and back.

use crate::abi::{CallParameters, PARAMETERS, Parameter, kind};

/// An operation's parameters as a TA sees them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// Four nibbles of [`kind`].
    pub(crate) types: u32,
    /// The parameters.
    pub(crate) parameters: [Parameter; PARAMETERS],
}

impl Arguments {
    /// What the kernel, or another TA, has written down.
    pub(crate) fn from_call(call: &CallParameters) -> Self {
        let types = call.types as u32;
        let parameters = core::array::from_fn(|index| {
            let [a, b] = call.values[index];
            match kind::of(types, index) {
                kind::VALUE_INPUT | kind::VALUE_OUTPUT | kind::VALUE_INOUT => {
                    Parameter::from_value(a as u32, b as u32)
                }
                kind::MEMREF_INPUT | kind::MEMREF_OUTPUT | kind::MEMREF_INOUT => Parameter::from_memory(a, b),
                _ => Parameter::default(),
            }
        });
        Self { types, parameters }
    }

    /// The form that a call to another TA takes.
    pub(crate) fn to_call(self) -> CallParameters {
        let values = core::array::from_fn(|index| {
            let parameter = self.parameters[index];
            match kind::of(self.types, index) {
                kind::VALUE_INPUT | kind::VALUE_OUTPUT | kind::VALUE_INOUT => {
                    parameter.value().map(u64::from)
                }
                kind::MEMREF_INPUT | kind::MEMREF_OUTPUT | kind::MEMREF_INOUT => parameter.0,
                _ => [0; 2],
            }
        });
        CallParameters { types: u64::from(self.types), values }
    }

    /// Writes what a caller may see of the outcome: output values, and the sizes of output memory. Types and addresses
    /// stay as the caller wrote them.
    pub(crate) fn write_outputs(self, call: &mut CallParameters) {
        let types = call.types as u32;
        for (index, values) in call.values.iter_mut().enumerate() {
            let parameter = self.parameters[index];
            match kind::of(types, index) {
                kind::VALUE_OUTPUT | kind::VALUE_INOUT => *values = parameter.value().map(u64::from),
                kind::MEMREF_OUTPUT | kind::MEMREF_INOUT => values[1] = parameter.0[1],
                _ => {}
            }
        }
    }

    /// The reverse of [`Self::write_outputs`], for the side that called.
    pub(crate) fn read_outputs(&mut self, call: &CallParameters) {
        for (index, parameter) in self.parameters.iter_mut().enumerate() {
            let [a, b] = call.values[index];
            match kind::of(self.types, index) {
                kind::VALUE_OUTPUT | kind::VALUE_INOUT => {
                    *parameter = Parameter::from_value(a as u32, b as u32);
                }
                kind::MEMREF_OUTPUT | kind::MEMREF_INOUT => parameter.0[1] = b,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;
    use crate::abi::{CallParameters, Parameter};

    /// A value in, a value in and out, memory in, memory out.
    const TYPES: u64 = 0x6531;

    fn call() -> CallParameters {
        CallParameters { types: TYPES, values: [[1, 2], [3, 4], [0x1000, 5], [0x2000, 6]] }
    }

    #[test]
    fn each_kind_arrives_and_leaves_in_its_form() {
        let arguments = Arguments::from_call(&call());
        assert_eq!(arguments.parameters[0].value(), [1, 2]);
        assert_eq!(arguments.parameters[3], Parameter::from_memory(0x2000, 6));
        assert_eq!(arguments.to_call(), call());
    }

    #[test]
    fn values_are_cut_to_32_bits_and_absent_parameters_are_zero() {
        let call = CallParameters { types: 1, values: [[0x1_0000_0002, 0x3_0000_0004]; 4] };
        let arguments = Arguments::from_call(&call);
        assert_eq!(arguments.parameters[0].value(), [2, 4]);
        assert_eq!(arguments.parameters[1], Parameter::default());
    }

    #[test]
    fn outputs_alone_are_written_back() {
        let mut call = call();
        let mut arguments = Arguments::from_call(&call);
        arguments.parameters = [Parameter::from_value(7, 7); 4];
        arguments.parameters[3] = Parameter::from_memory(0xBAD, 99);
        arguments.write_outputs(&mut call);
        assert_eq!(call.values, [[1, 2], [7, 7], [0x1000, 5], [0x2000, 99]]);
        let mut caller = Arguments::from_call(&self::call());
        caller.read_outputs(&call);
        assert_eq!(caller.to_call().values, call.values);
    }
}
