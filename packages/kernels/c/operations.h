// The opcodes beside those of the products, with each one's struct and function. src/instructions/table.ts has the same list.
#ifndef NEM_OPERATIONS_H
#define NEM_OPERATIONS_H

#define FOR_OPERATIONS(OPERATION)                              \
  OPERATION(16, Fill, run_fill)                                \
  OPERATION(17, Copy, run_copy)                                \
  OPERATION(18, Scatter, run_scatter)                          \
  OPERATION(19, Fold, run_fold)                                \
  OPERATION(20, Fold, run_unfold)                              \
  OPERATION(21, ApplyActivation, run_apply_activation)         \
  OPERATION(22, ActivationGradient, run_activation_gradient)   \
  OPERATION(23, NormForward, run_norm_forward)                 \
  OPERATION(24, NormOutput, run_norm_output)                   \
  OPERATION(25, NormBackward, run_norm_backward)               \
  OPERATION(26, Standardize, run_standardize)                  \
  OPERATION(27, StandardizeGradient, run_standardize_gradient) \
  OPERATION(28, MaskedInput, run_masked_input)                 \
  OPERATION(29, EStep, run_e_step)                             \
  OPERATION(30, LossGradient, run_loss_gradient)               \
  OPERATION(31, NemUpdate, run_nem_update)                     \
  OPERATION(32, NemUpdateGradient, run_nem_update_gradient)    \
  OPERATION(33, ColumnSums, run_column_sums)                   \
  OPERATION(34, Adam, run_adam)                                \
  OPERATION(35, Gather, run_gather)

#endif
